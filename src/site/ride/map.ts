/**
 * The map: the only module that knows Leaflet, in a chunk of its own with it. No part of Leaflet that sets
 * HTML is used (popups, attribution, icons from text): the pages' policy forbids it.
 *
 * @see docs/decisions/0009-ride-api-and-map.md
 */

import 'leaflet/dist/leaflet.css'
import '../styles/map.css'
import {
  type Coords,
  type DoneCallback,
  GridLayer,
  Icon,
  LatLngBounds,
  type LatLngExpression,
  Map as LeafletMap,
  type LeafletMouseEvent,
  Marker,
  type MarkerOptions,
  SVGOverlay,
  Util,
} from 'leaflet'
import type { MapTiles } from '../../shared/site-config.ts'
import { findBlockedOrigin } from '../lib/csp-violations.ts'
import { prefersReducedMotion } from '../lib/reduced-motion.ts'
import { sitePath } from '../lib/site-path.ts'
import { cityWidth, drawCity } from './city.ts'
import { cityBounds, type Location } from './places.ts'

export interface RideMap {
  /** Marks the pick-up and brings it into view; `undefined` takes the mark away. */
  showPickup(pickup: Location | undefined): void
  /**
   * Shows the unicorn on its way to a place, from beyond the edge of what is seen. For riders who prefer no motion it
   * is there only when it has arrived.
   *
   * @param share of the way, 0 to 1
   */
  showUnicorn(to: Location, share: number): void
  removeUnicorn(): void
  zoomIn(): void
  zoomOut(): void
}

export interface RideMapOptions {
  readonly tiles: MapTiles | undefined
  /** Told of a place that was pressed, or of the map's middle when Enter was. */
  readonly onPick: (location: Location) => void
  /** Told once when a tile could not be had; the drawn city shows where tiles are missing. */
  readonly onTileError: () => void
  /** CSS pixels at the foot of the map that something stands over */
  readonly readCoveredPx: () => number
}

/** narrower maps show fewer and larger names, CSS pixels */
const narrowPx = 480

const { south, west, north, east } = cityBounds
const bounds: [[number, number], [number, number]] = [
  [south, west],
  [north, east],
]

/** @param container an empty element with a size */
export function createRideMap(
  container: HTMLElement,
  { tiles, onPick, onTileError, readCoveredPx }: RideMapOptions,
): RideMap {
  const map = new LeafletMap(container, {
    attributionControl: false,
    // Its buttons are the page's own.
    zoomControl: false,
    zoomSnap: 0.25,
    maxZoom: tiles ? 18 : 16,
    // The drawn city ends; with tiles the world goes on.
    ...(!tiles && { maxBounds: bounds, maxBoundsViscosity: 1 }),
    ...(prefersReducedMotion() && { zoomAnimation: false, fadeAnimation: false, inertia: false }),
  })
  const city = drawCity()
  const pin = createMarker({
    icon: new Icon({
      iconUrl: `${sitePath}images/pin.svg`,
      iconSize: [36, 44],
      iconAnchor: [18, 42],
    }),
  })
  let flight: { readonly unicorn: Marker; readonly from: Location } | undefined
  map.fitBounds(bounds, { animate: false })
  // Under the tiles, so that it shows only where one is missing.
  new SVGOverlay(city, bounds, { pane: 'tilePane' }).addTo(map).setZIndex(0)
  if (tiles) addTiles(tiles)
  fillBox()

  map.on('click', ({ latlng }: LeafletMouseEvent) => onPick(toLocation(latlng.wrap())))
  map.on('zoomend', fitNames)
  map.on('resize', fillBox)
  container.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.target !== container) return
    event.preventDefault()
    onPick(toLocation(map.getCenter().wrap()))
  })

  /** The drawn city leaves no empty edge, however the box is shaped. */
  function fillBox(): void {
    if (!tiles) map.setMinZoom(map.getBoundsZoom(bounds, true))
    fitNames()
  }

  /** Names are part of the drawing; they must not grow and shrink with it without end. */
  function fitNames(): void {
    const { width } = city.getBoundingClientRect()
    city.classList.toggle('is-far', width < narrowPx)
    city.style.setProperty('--map-scale', String(width / cityWidth))
  }

  function addTiles({ tileUrl, attribution }: MapTiles): void {
    const tellTrouble = () => {
      onTileError()
      void warnOfPolicy(tileUrl)
    }
    new Tiles(tileUrl).once('tileerror', tellTrouble).addTo(map)
    const line = document.createElement('p')
    line.className = 'map-attribution'
    // Text, whatever an operator has put there.
    line.textContent = attribution
    container.append(line)
  }

  return {
    showPickup(pickup) {
      pin.remove()
      if (!pickup) return
      pin.setLatLng(toLatLng(pickup)).addTo(map)
      map.panInside(toLatLng(pickup), { padding: [48, 64], animate: !prefersReducedMotion() })
    },
    showUnicorn(to, share) {
      if (share < 1 && prefersReducedMotion()) return
      flight ??= startFlight(to)
      const { unicorn, from } = flight
      unicorn.setLatLng([
        from.latitude + (to.latitude - from.latitude) * share,
        from.longitude + (to.longitude - from.longitude) * share,
      ])
    },
    removeUnicorn() {
      if (!flight) return
      flight.unicorn.remove()
      flight = undefined
      limitTo(0)
    },
    zoomIn: () => void map.zoomIn(),
    zoomOut: () => void map.zoomOut(),
  }

  /** The drawn city ends; its south may come up from under what covers the foot of the map. */
  function limitTo(coveredPx: number): void {
    if (tiles) return
    const { x, y } = map.project([south, west])
    const limits = new LatLngBounds(map.unproject([x, y + coveredPx]), [north, east])
    map.panInsideBounds(limits, { animate: false })
    map.setMaxBounds(limits)
  }

  function startFlight(to: Location): NonNullable<typeof flight> {
    const unicorn = createMarker({
      icon: new Icon({
        iconUrl: `${sitePath}images/unicorn.svg`,
        iconSize: [56, 56],
        iconAnchor: [28, 52],
        className: 'map-unicorn',
      }),
      zIndexOffset: 1000,
    })
    // A little more, so that the unicorn doesn't touch it.
    const coveredPx = readCoveredPx() + 24
    limitTo(coveredPx)
    map.panInside(toLatLng(to), {
      paddingTopLeft: [64, 72],
      paddingBottomRight: [64, coveredPx],
      animate: false,
    })
    const from = { latitude: map.getBounds().getNorth(), longitude: map.getBounds().getWest() }
    unicorn.setLatLng(toLatLng(from)).addTo(map)
    return { unicorn, from }
  }
}

/** Leaflet's own layer lets go of a tile by giving it a data: URL, which the pages' policy forbids. */
class Tiles extends GridLayer {
  readonly #tileUrl: string

  constructor(tileUrl: string) {
    super({ maxZoom: 18 })
    this.#tileUrl = tileUrl
  }

  protected override createTile(coords: Coords, done: DoneCallback): HTMLElement {
    const tile = new Image()
    tile.alt = ''
    tile.addEventListener('load', () => done(undefined, tile))
    tile.addEventListener('error', () => done(new Error(`no tile at ${tile.src}`), tile))
    tile.src = Util.template(this.#tileUrl, coords)
    return tile
  }
}

/** Tells the operator, and nobody else, of a tile host that the site's headers leave out. */
async function warnOfPolicy(tileUrl: string): Promise<void> {
  const origin = await findBlockedOrigin(tileUrl, 'img-src')
  if (origin) console.warn(`The security headers of this site do not list ${origin} in img-src.`)
}

/** A picture that is neither pressed nor read out: the page says in words where it is. */
function createMarker(options: MarkerOptions): Marker {
  return new Marker([0, 0], { ...options, alt: '', interactive: false, keyboard: false })
}

function toLatLng({ latitude, longitude }: Location): LatLngExpression {
  return [latitude, longitude]
}

function toLocation({ lat, lng }: { readonly lat: number; readonly lng: number }): Location {
  return { latitude: lat, longitude: lng }
}
