/**
 * Loads a build's library by its path, without node-llama-cpp, and writes its devices as JSON. In a
 * process of its own: a library that is loaded cannot be unloaded.
 *
 *     node list-devices.ts [<build> [<folder>]]
 */
import koffi from "koffi";
import { DEVICE_SIGNATURES, listDevices, type DeviceBinding } from "../devices.ts";
import { locateLibrary, type Build } from "../library.ts";

const [build = "cpu", folder] = process.argv.slice(2);
const { files, backendFolders } = await locateLibrary(build as Build, undefined, folder);
const [, ggml] = Object.values(files).map((file: string) => koffi.load(file, { global: true }));
const load = ggml!.func("ggml_backend_load_all_from_path", "void", ["str"]);
for (const path of backendFolders) load(path);

const c = Object.fromEntries(
  Object.entries(DEVICE_SIGNATURES).map(([name, [result, parameters]]) => [
    name,
    ggml!.func(name, result, [...parameters]),
  ]),
) as unknown as DeviceBinding;
const devices = listDevices({
  c,
  allocate: (bytes) => {
    const address = koffi.alloc("uint8_t", bytes) as bigint;
    return { address, bytes: koffi.view(address, bytes) };
  },
  free: (address) => koffi.free(address),
});
console.log(JSON.stringify(devices.map((device) => ({ ...device, address: undefined }))));
