// Serves the lib/index.js of CDKTF provider packages from the lazy index that they ship (see fastload.py).
"use strict";

const fs = require("fs");
const Module = require("module");
const path = require("path");

const index = /[\\/]node_modules[\\/]@cdktf[\\/]provider-[^\\/]+[\\/]lib[\\/]index\.js$/;
const run = Module._extensions[".js"];

Module._extensions[".js"] = function (module, file) {
  const lazy = path.join(path.dirname(file), "lazy-index.js");
  if (!index.test(file) || !fs.existsSync(lazy)) return run.apply(this, arguments);
  const getters = module.require(lazy);
  Object.defineProperty(module.exports, "__esModule", { value: true });
  for (const name of Object.getOwnPropertyNames(getters)) {
    Object.defineProperty(module.exports, name, { enumerable: true, get: () => getters[name] });
  }
};

// jsii starts two processes: the first starts the second, which is told to preserve symlinks and runs everything. What
// that one starts in turn is given its NODE_OPTIONS without this file.
if (process.execArgv.includes("--preserve-symlinks")) {
  const before = (process.env.NODE_OPTIONS ?? "").replace(/ ?--require "(\\.|[^"\\])*fastload\.js"$/, "");
  if (before) process.env.NODE_OPTIONS = before;
  else delete process.env.NODE_OPTIONS;
}
