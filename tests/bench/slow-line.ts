/**
 * A slow line between a browser and servers of this machine, with the round trips of a real one: a connection begins with
 * one before TLS does, and it sends ten segments until the first is acknowledged, twice as many in each round trip.
 * All connections share the line. Nothing is lost on it, and no names are looked up.
 *
 * @see RFC 6928 for the first ten segments, RFC 5681 section 3.1 for slow start
 */

import { connect, createServer, type Socket } from 'node:net'
import { listen } from '../support/listen.ts'

const roundTripMs = 150
const downKbits = 1638
const upKbits = 750
export const lineText = `${roundTripMs} ms, ${downKbits} kbit/s down, ${upKbits} up, with the round trips of TCP and TLS`

const segmentBytes = 1460
const firstWindowBytes = 10 * segmentBytes

type Wire = ReturnType<typeof createWire>
const down = createWire(downKbits)
const up = createWire(upKbits)

/** One direction of the line. */
function createWire(kbits: number) {
  let freeAtMs = 0
  return {
    /** @returns milliseconds until the last byte is there */
    carry(bytes: number, notBeforeMs: number): number {
      const nowMs = performance.now()
      freeAtMs = Math.max(nowMs, notBeforeMs, freeAtMs) + (bytes * 8) / kbits
      return freeAtMs + roundTripMs / 2 - nowMs
    },
  }
}

export interface SlowLine {
  readonly port: number
  close(): void
}

/** @param port of the server at its other end */
export async function openSlowLine(port: number): Promise<SlowLine> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (browser) => {
    const upstream = connect({ port, host: 'localhost', allowHalfOpen: true, noDelay: true })
    const connectedAtMs = performance.now() + roundTripMs
    passOn(browser, upstream, { wire: up, notBeforeMs: connectedAtMs })
    passOn(upstream, browser, { wire: down, notBeforeMs: 0 })
    for (const socket of [browser, upstream]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        browser.destroy()
        upstream.destroy()
      })
    }
  })
  return {
    port: await listen(server),
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

function passOn(
  from: Socket,
  to: Socket,
  { wire, notBeforeMs }: { readonly wire: Wire; readonly notBeforeMs: number },
): void {
  /** in the order in which they came */
  const waiting: Buffer[] = []
  const onTheWay: Buffer[] = []
  let windowBytes = firstWindowBytes
  let unacknowledgedBytes = 0
  let hasEnded = false

  const send = () => {
    for (;;) {
      const [segment] = waiting
      if (!segment || unacknowledgedBytes + segment.length > windowBytes) break
      waiting.shift()
      onTheWay.push(segment)
      unacknowledgedBytes += segment.length
      const arrivesInMs = wire.carry(segment.length, notBeforeMs)
      setTimeout(() => {
        // Timers of the same millisecond may fire in another order.
        const first = onTheWay.shift()
        if (first && to.writable) to.write(first)
      }, arrivesInMs)
      setTimeout(
        () => {
          unacknowledgedBytes -= segment.length
          windowBytes += segment.length
          send()
        },
        arrivesInMs + roundTripMs / 2,
      )
    }
    if (hasEnded && waiting.length + unacknowledgedBytes === 0) to.end()
  }

  from.on('data', (data: Buffer) => {
    for (let start = 0; start < data.length; start += segmentBytes) {
      waiting.push(data.subarray(start, start + segmentBytes))
    }
    send()
  })
  from.on('end', () => {
    hasEnded = true
    send()
  })
}
