// SPDX-License-Identifier: GPL-3.0-or-later
// A job type of Flamenco 3: a WardSynth dataset in shards, one task each, then merged.
//
// Copy it into the `scripts` folder beside the Flamenco Manager. The workers' Blender has the add-on installed.
// Every task resumes what is there, so a task that failed or was lost is simply run again.

const JOB_TYPE = {
    label: "WardSynth Dataset",
    description: "Generate labelled images of hospital rooms in shards, and merge them at the end",
    settings: [
        { key: "out", type: "string", subtype: "dir_path", required: true, visible: "submission",
          description: "Dataset folder on the shared storage, new or empty; the shards are written beside it" },
        { key: "count", type: "int32", default: 1000, visible: "submission",
          description: "Number of images" },
        { key: "start", type: "int32", default: 0, visible: "submission",
          description: "Number of the first image" },
        { key: "seed", type: "int32", default: 0, visible: "submission",
          description: "Random seed of the dataset" },
        { key: "shards", type: "int32", default: 8, visible: "submission",
          description: "Number of tasks to split the images into; at most one per image" },
        { key: "preset", type: "string", default: "mixed", visible: "submission",
          description: "Preset that describes the images" },
        { key: "config", type: "string", subtype: "file_path", default: "", visible: "submission",
          description: "JSON file of settings on the shared storage; may be empty" },
        { key: "processes", type: "int32", default: 1, visible: "submission",
          description: "Blender processes per machine, about one per two cores" },
        { key: "device", type: "string", choices: ["cpu", "cuda", "optix", "hip", "metal"], default: "cpu",
          visible: "submission", description: "Device that renders" },
        { key: "module", type: "string", default: "wardsynth", visible: "hidden",
          description: "Module of the add-on; bl_ext.user_default.wardsynth if it is installed as an extension" },
    ],
};

function compileJob(job) {
    const settings = job.settings;
    for (const [key, least] of [["count", 1], ["start", 0], ["seed", 0], ["shards", 1], ["processes", 1]]) {
        if (!(settings[key] >= least)) {
            throw `${key} is ${settings[key]}, expected at least ${least}`;
        }
    }
    const number = Math.min(settings.shards, settings.count);
    const folders = [];
    const merge = author.Task("merge", "misc");
    for (let shard = 1; shard <= number; shard++) {
        const folder = `${settings.out}-shards/${shard}-of-${number}`;
        const task = author.Task(`shard-${shard}-of-${number}`, "blender");
        task.addCommand(wardsynth(settings, generateArguments(settings, shard, number, folder)));
        job.addTask(task);
        merge.addDependency(task);
        folders.push(folder);
    }
    merge.addCommand(wardsynth(settings, ["merge", ...folders, "--out", settings.out, "--resume"]));
    job.addTask(merge);
}

function generateArguments(settings, shard, number, folder) {
    const options = [
        "generate", "--out", folder, "--resume", "--shard", `${shard}/${number}`, "--count", String(settings.count),
        "--start", String(settings.start), "--seed", String(settings.seed), "--preset", settings.preset,
        "--workers", String(settings.processes), "--device", settings.device,
    ];
    return settings.config ? [...options, "--config", settings.config] : options;
}

// One command line of `wardsynth` inside the workers' Blender; {blender} is the farm's own variable.
function wardsynth(settings, options) {
    const expression = `import importlib; importlib.import_module('${settings.module}').main()`;
    return author.Command("exec", {
        exe: "{blender}",
        args: ["-b", "--addons", settings.module, "--python-expr", expression, "--", ...options],
    });
}
