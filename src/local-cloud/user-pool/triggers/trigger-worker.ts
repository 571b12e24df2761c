/**
 * The program of a worker thread that runs one module's handler: a module that exits, or never yields, stops its thread
 * and not the pool. It is a text, so that it runs the same from the sources, from a bundle and from an installed package.
 *
 * It gets `{ id, event, context }` and answers `{ id, json }`, `json` missing for nothing, or `{ id, error }`, whose stack
 * is without lines of this program. First it says `{ ready }`, or `{ problem }` where the module does not load or has no
 * handler.
 */
export const triggerWorkerProgram = `
const { parentPort, workerData } = require('node:worker_threads')
const toError = (error) => error instanceof Error
  ? { message: error.message, stack: error.stack?.split('\\n').filter((line) => !/\\[worker eval\\]|node:internal/.test(line)).join('\\n') }
  : { message: String(error) }
const call = (handler, event, context) => new Promise((resolve, reject) => {
  const done = (error, result) => error === undefined || error === null ? resolve(result) : reject(error)
  const { remainingMs, ...shown } = context
  const startedMs = performance.now()
  const getRemainingTimeInMillis = () => Math.max(0, Math.round(remainingMs - (performance.now() - startedMs)))
  const returned = handler(event, { ...shown, getRemainingTimeInMillis, done, succeed: resolve, fail: reject }, done)
  if (typeof returned?.then === 'function') returned.then(resolve, reject)
  else if (returned !== undefined) resolve(null)
})
const toJson = (output) => {
  try {
    return JSON.stringify(output)
  } catch (error) {
    throw new Error('Unable to stringify response body', { cause: error })
  }
}
import(workerData.url).then(
  (module) => {
    const handler = [module.handler, module.default?.handler, module.default].find((one) => typeof one === 'function')
    if (!handler) return parentPort.postMessage({ problem: 'It exports no function named handler' })
    parentPort.on('message', ({ id, event, context }) => {
      call(handler, event, context).then(toJson).then(
        (json) => parentPort.postMessage({ id, json }),
        (error) => parentPort.postMessage({ id, error: toError(error) }),
      )
    })
    parentPort.postMessage({ ready: true })
  },
  (error) => parentPort.postMessage({ problem: toError(error).message }),
)
`
