/** Takes the place of what the client library makes by itself where ours is given to it: HTTP client and storage. */

// biome-ignore lint/style/noDefaultExport: the library imports it so.
export default class Unused {}
