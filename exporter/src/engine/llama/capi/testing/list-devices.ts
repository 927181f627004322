/**
 * Loads a build's library by its path, without node-llama-cpp, and writes its devices as JSON. In a
 * process of its own: a library that is loaded cannot be unloaded.
 *
 *     node list-devices.ts [<build> [<folder>]]
 */
import { openBinding } from "../binding.ts";
import { listDevices } from "../devices.ts";
import { locateLibrary, type Build } from "../library.ts";

const [build = "cpu", folder] = process.argv.slice(2);
const { files, backendFolders } = await locateLibrary(build as Build, undefined, folder);
const native = await openBinding(files.llama);
for (const path of backendFolders.slice(1)) native.c.ggml_backend_load_all_from_path(path);
const devices = listDevices(native);
console.log(JSON.stringify(devices.map((device) => ({ ...device, address: undefined }))));
