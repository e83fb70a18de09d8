// Loads CDKTF provider packages through the lazy index that they ship (see fastload.py).
"use strict";

const fs = require("fs");
const Module = require("module");
const path = require("path");

const index = /[\\/]@cdktf[\\/]provider-[^\\/]+[\\/]lib[\\/]index\.js$/;
const resolve = Module._resolveFilename;

Module._resolveFilename = function (...request) {
  const file = resolve.apply(this, request);
  if (!index.test(file)) return file;
  const lazy = path.join(path.dirname(file), "lazy-index.js");
  return fs.existsSync(lazy) ? lazy : file;
};
