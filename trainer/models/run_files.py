"""Names of the files in the folder of one training."""

BEST, LAST, START = "best.keras", "last.keras", "start.keras"
CONFIG, HISTORY, CURVE, CHECKPOINT = "config.json", "history.csv", "curve.png", "checkpoint.npz"
