// Serves the lib/index.js of provider packages from the lazy index that they ship, and has jsii's own index of a
// package's types written before it is needed (see fastload.py).
"use strict";

const { spawnSync } = require("child_process");
const { EventEmitter } = require("events");
const fs = require("fs");
const Module = require("module");
const path = require("path");
const threads = require("worker_threads");

const index = /[\\/]node_modules[\\/]@cdkt[fn][\\/]provider-[^\\/]+[\\/]lib[\\/]index\.js$/;
const run = Module._extensions[".js"];

Module._extensions[".js"] = function (module, file) {
  const lazy = path.join(path.dirname(file), "lazy-index.js");
  if (!index.test(file) || !fs.existsSync(lazy)) return run.apply(this, arguments);
  const getters = module.require(lazy);
  Object.defineProperty(module.exports, "__esModule", { value: true });
  for (const name of Object.getOwnPropertyNames(getters)) {
    if (name === "__esModule") continue; // cdktn's lazy index has it, CDKTF's has not
    Object.defineProperty(module.exports, name, { enumerable: true, get: () => getters[name] });
  }
};

// The first time that jsii loads a package it reads all of its types, and has a thread write an index of them for the
// next time. A short program ends before that thread does, and so would the next. A process of its own does it here, and
// is waited for.
const writer = `
  const { Worker } = require("worker_threads");
  new Worker(process.argv[1], { workerData: JSON.parse(process.argv[2]) }).on("error", () => {});
`;

threads.Worker = new Proxy(threads.Worker, {
  construct(Worker, [file, options, ...rest], target) {
    const data = options?.workerData;
    if (path.basename(String(file)) !== "runtime-index-worker.js" || !data?.packageDir) {
      return Reflect.construct(Worker, [file, options, ...rest], target);
    }
    try {
      fs.accessSync(data.packageDir, fs.constants.W_OK); // or it would be in vain, each time
      spawnSync(process.execPath, [...process.execArgv, "-e", writer, file, JSON.stringify(data)], { stdio: "ignore" });
    } catch {} // as with the thread, the next time tries again
    return new EventEmitter();
  },
});

// jsii starts two processes: the first starts the second, which is told to preserve symlinks and runs everything. What
// that one starts in turn is given its NODE_OPTIONS without this file.
if (process.execArgv.includes("--preserve-symlinks")) {
  const before = (process.env.NODE_OPTIONS ?? "").replace(/ ?--require "(\\.|[^"\\])*fastload\.js"$/, "");
  if (before) process.env.NODE_OPTIONS = before;
  else delete process.env.NODE_OPTIONS;
}
