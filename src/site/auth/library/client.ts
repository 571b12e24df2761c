/** Takes the place of the client library's HTTP client: every pool is given one of ours before it calls. */

// biome-ignore lint/style/noDefaultExport: the library imports it so.
export default class Client {}
