// SPDX-License-Identifier: GPL-3.0-or-later
// A job type of Flamenco 3: a WardSynth dataset in shards, one task each, then merged.
//
// Copy it into the `scripts` folder beside the Flamenco Manager. The workers' Blender has the add-on installed.
// Every task goes on with what is there, so a task that failed or was lost is simply run again.

const JOB_TYPE = {
    label: "WardSynth Dataset",
    description: "Labelled pictures of hospital rooms, in shards that are merged at the end",
    settings: [
        { key: "out", type: "string", subtype: "dir_path", required: true, visible: "submission",
          description: "The dataset's folder on the shared storage, new or empty; shards lie beside it" },
        { key: "count", type: "int32", default: 1000, visible: "submission",
          description: "How many pictures" },
        { key: "start", type: "int32", default: 0, visible: "submission",
          description: "The first picture" },
        { key: "seed", type: "int32", default: 0, visible: "submission",
          description: "The dataset's seed" },
        { key: "shards", type: "int32", default: 8, visible: "submission",
          description: "Tasks to split the pictures into; at most one a picture is used" },
        { key: "preset", type: "string", default: "mixed", visible: "submission",
          description: "What to draw" },
        { key: "config", type: "string", subtype: "file_path", default: "", visible: "submission",
          description: "A JSON file of knobs on the shared storage, or nothing" },
        { key: "processes", type: "int32", default: 1, visible: "submission",
          description: "Blender processes on each machine, about one for two cores" },
        { key: "device", type: "string", choices: ["cpu", "cuda", "optix", "hip", "metal"], default: "cpu",
          visible: "submission", description: "What renders" },
        { key: "module", type: "string", default: "wardsynth", visible: "hidden",
          description: "The add-on's module; bl_ext.user_default.wardsynth where it is an extension" },
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
        task.addCommand(wardsynth(settings, generateWords(settings, shard, number, folder)));
        job.addTask(task);
        merge.addDependency(task);
        folders.push(folder);
    }
    merge.addCommand(wardsynth(settings, ["merge", ...folders, "--out", settings.out, "--resume"]));
    job.addTask(merge);
}

function generateWords(settings, shard, number, folder) {
    const words = [
        "generate", "--out", folder, "--resume", "--shard", `${shard}/${number}`, "--count", String(settings.count),
        "--start", String(settings.start), "--seed", String(settings.seed), "--preset", settings.preset,
        "--workers", String(settings.processes), "--device", settings.device,
    ];
    return settings.config ? [...words, "--config", settings.config] : words;
}

// One command line of `wardsynth` inside the workers' Blender; {blender} is the farm's own variable.
function wardsynth(settings, words) {
    const expression = `import importlib; importlib.import_module('${settings.module}').main()`;
    return author.Command("exec", {
        exe: "{blender}",
        args: ["-b", "--addons", settings.module, "--python-expr", expression, "--", ...words],
    });
}
