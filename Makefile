# Each target works on a fresh clone by itself. As root on Debian, missing system packages are installed.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
BODY := blender_addon/assets/body.npz
DEMO_EPOCHS ?= 36
CC_BY ?=  # 1: the asset pack includes models whose authors must be credited
# One more than there are cores, since some tests wait for windows and servers; at most four, since each may need 2 GB.
TEST_PROCESSES := $(shell cores=$$(getconf _NPROCESSORS_ONLN); echo $$((cores < 4 ? cores + 1 : 4)))
PARALLEL ?= -n $(TEST_PROCESSES) --dist loadfile  # each process runs one test file at a time
BENCH ?=  # options of the bench, such as --only train-tiny --rounds 3
BENCH_GENERATION ?=  # options of the generator's bench, such as --only stages --pictures 8

.PHONY: setup setup-5.0 assets demo test test-slow addon lint bench clean

setup: $(VENV)/.installed $(BODY)

$(VENV)/.installed: pyproject.toml
	@PYTHON=$(PYTHON) sh blender_addon/packaging/system_packages.sh setup
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -qq --disable-pip-version-check --upgrade pip
	$(BIN)/pip install -qq --disable-pip-version-check --editable '.[render,train,export,video,serve,dev]'
	# The reference for kinds of errors; its plotting dependency would replace OpenCV's headless build.
	$(BIN)/pip install -qq --disable-pip-version-check --no-deps tidecv==1.0.1
	@touch $@

# A second bpy, for the tests of the add-on's operators in Blender 5.0; they are skipped without it.
setup-5.0: .venv-5.0/.installed

.venv-5.0/.installed:
	$(PYTHON) -m venv .venv-5.0
	.venv-5.0/bin/pip install -qq --disable-pip-version-check 'bpy==5.0.1'
	@touch $@

# PyTorch, a third Keras backend; its tests are skipped without it.
$(VENV)/.torch: $(VENV)/.installed
	$(BIN)/pip install -qq --disable-pip-version-check --editable '.[torch]'
	@touch $@

assets: $(VENV)/.installed
	$(BIN)/python -m blender_addon.packaging.assets
	$(BIN)/python -m blender_addon.packaging.asset_pack $(if $(strip $(CC_BY)),--cc-by)

$(BODY): $(VENV)/.installed blender_addon/packaging/assets.py
	$(BIN)/python -m blender_addon.packaging.assets --force

demo: setup
	rm -rf demo
	$(BIN)/wardsynth generate --out demo/dataset --preset room --count 48 --workers 2
	$(BIN)/trainer fit 'demo/dataset[:40]' --val 'demo/dataset[40:]' --out demo/run --model yolov3-nano --batch 2 --epochs $(DEMO_EPOCHS)
	$(BIN)/trainer eval demo/run 'demo/dataset[40:]' --out demo/eval
	$(BIN)/python -m trainer.demo demo

# The tests start hundreds of processes; with bytecode files they do not all compile what they import.
test test-slow: export PYTHONDONTWRITEBYTECODE =

test: setup
	@sh blender_addon/packaging/system_packages.sh test
	$(BIN)/python -m pytest -m 'not slow and not timing' $(PARALLEL)

test-slow: setup setup-5.0 $(VENV)/.torch
	@sh blender_addon/packaging/system_packages.sh test
	$(BIN)/python -m pytest

addon: setup
	$(BIN)/python -m blender_addon.packaging.addon_zip

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/basedpyright --level error

bench: setup
	$(BIN)/pip install -qq --disable-pip-version-check --editable '.[export]'
	$(BIN)/python benchmarks/speed $(BENCH)
	$(BIN)/python benchmarks/generation $(BENCH_GENERATION)

clean:
	rm -rf $(VENV) build dist demo *.egg-info $(BODY) blender_addon/assets/pack
