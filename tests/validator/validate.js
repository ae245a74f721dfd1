// What Khronos' validator says of each file: `node validate.js FILE...` prints a JSON list.
const fs = require("fs");
const path = require("path");
const { validateBytes } = require("gltf-validator");

const beside = (file) => (uri) =>
  fs.promises.readFile(path.resolve(path.dirname(file), decodeURIComponent(uri)));

Promise.all(
  process.argv.slice(2).map((file) =>
    validateBytes(new Uint8Array(fs.readFileSync(file)), {
      maxIssues: 0,
      externalResourceFunction: beside(file),
    }).then(
      (found) => found,
      (error) => ({ refused: String(error) }),
    ),
  ),
).then((all) => process.stdout.write(JSON.stringify(all)));
