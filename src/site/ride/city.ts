/**
 * The city as a picture: Seattle, simplified and drawn by hand for this site; colours are in map.css.
 * Nothing is fetched, so the map is there whenever the page is.
 */
import { cityBounds, type Location, type Place, places } from './places.ts'

/**
 * A line as latitude, longitude, latitude, longitude and so on, in ten-thousandths of a degree beyond
 * 47° north and 122° west: `6205, 3493` is 47.6205° N, 122.3493° W. A point given twice is a corner.
 */
type Line = readonly number[]

/** The shore of everything one can sail to, once around the city and back along the picture's edges. */
const shore: Line = [
  7000, 4550, 7000, 4550, 7000, 4060, 6930, 4062, 6900, 4042, 6850, 4038, 6800, 4050, 6760, 4068,
  6738, 4080, 6722, 4068, 6705, 4050, 6685, 4030, 6670, 4008, 6662, 3978, 6665, 3950, 6668, 3915,
  6660, 3875, 6648, 3845, 6634, 3812, 6618, 3780, 6608, 3757, 6592, 3715, 6583, 3680, 6564, 3640,
  6542, 3604, 6519, 3568, 6496, 3530, 6482, 3500, 6481, 3470, 6487, 3440, 6483, 3405, 6470, 3376,
  6452, 3365, 6443, 3347, 6450, 3325, 6472, 3303, 6498, 3272, 6520, 3245, 6535, 3226, 6536, 3200,
  6536, 3170, 6522, 3135, 6503, 3108, 6486, 3088, 6478, 3072, 6477, 3048, 6478, 3005, 6488, 2990,
  6510, 2982, 6535, 2970, 6556, 2945, 6572, 2915, 6580, 2885, 6570, 2855, 6548, 2838, 6515, 2825,
  6490, 2800, 6477, 2768, 6487, 2735, 6520, 2705, 6560, 2690, 6600, 2688, 6640, 2702, 6665, 2700,
  6690, 2665, 6720, 2610, 6745, 2560, 6762, 2500, 6790, 2478, 6830, 2470, 6870, 2480, 6900, 2515,
  6950, 2560, 7000, 2580, 7000, 2580, 7000, 2300, 7000, 2300, 5550, 2300, 5550, 2300, 5550, 2640,
  5620, 2650, 5650, 2672, 5672, 2705, 5684, 2750, 5700, 2768, 5722, 2745, 5738, 2765, 5765, 2820,
  5790, 2850, 5820, 2872, 5860, 2884, 5900, 2876, 5940, 2868, 5980, 2862, 6020, 2850, 6060, 2838,
  6110, 2832, 6150, 2822, 6185, 2808, 6220, 2802, 6250, 2822, 6275, 2832, 6300, 2800, 6330, 2772,
  6358, 2762, 6380, 2772, 6396, 2800, 6402, 2840, 6410, 2872, 6420, 2900, 6430, 2930, 6430, 2955,
  6445, 2965, 6455, 2985, 6467, 3005, 6468, 3045, 6466, 3074, 6455, 3088, 6432, 3100, 6412, 3130,
  6405, 3165, 6412, 3190, 6440, 3192, 6470, 3190, 6500, 3194, 6516, 3206, 6512, 3226, 6495, 3248,
  6465, 3266, 6430, 3280, 6400, 3296, 6365, 3292, 6330, 3296, 6300, 3308, 6278, 3325, 6271, 3350,
  6278, 3380, 6300, 3396, 6340, 3398, 6380, 3402, 6415, 3425, 6440, 3455, 6460, 3480, 6471, 3505,
  6484, 3535, 6507, 3575, 6530, 3610, 6552, 3645, 6570, 3682, 6577, 3715, 6578, 3748, 6572, 3765,
  6548, 3770, 6543, 3800, 6565, 3812, 6590, 3845, 6612, 3880, 6630, 3920, 6645, 3955, 6652, 3985,
  6653, 4010, 6660, 4045, 6680, 4090, 6696, 4130, 6698, 4180, 6688, 4225, 6668, 4275, 6640, 4325,
  6621, 4362, 6621, 4362, 6606, 4320, 6575, 4262, 6545, 4228, 6510, 4190, 6470, 4158, 6430, 4150,
  6395, 4148, 6365, 4128, 6335, 4085, 6315, 4035, 6318, 3990, 6328, 3965, 6318, 3935, 6318, 3895,
  6312, 3868, 6320, 3840, 6318, 3790, 6298, 3770, 6268, 3735, 6238, 3692, 6205, 3635, 6175, 3585,
  6152, 3555, 6122, 3510, 6095, 3468, 6068, 3432, 6040, 3402, 6010, 3382, 5985, 3372, 5950, 3375,
  5900, 3395, 5888, 3425, 5888, 3425, 5800, 3428, 5730, 3430, 5700, 3438, 5680, 3460, 5665, 3480,
  5640, 3490, 5600, 3480, 5550, 3440, 5550, 3490, 5600, 3520, 5645, 3535, 5675, 3575, 5700, 3630,
  5720, 3645, 5760, 3645, 5850, 3648, 5850, 3648, 5852, 3700, 5846, 3735, 5850, 3760, 5868, 3776,
  5900, 3800, 5935, 3830, 5960, 3868, 5952, 3895, 5925, 3935, 5880, 3985, 5840, 4028, 5806, 4070,
  5785, 4120, 5772, 4180, 5762, 4215, 5745, 4195, 5720, 4150, 5690, 4112, 5650, 4080, 5600, 4060,
  5550, 4050, 5550, 4050, 5550, 4550, 5550, 4550,
]

/** Green Lake first; then what stands in the water: Mercer Island, Medina, Foster Island. */
const lakesAndIslands: readonly Line[] = [
  [
    6838, 3345, 6832, 3392, 6800, 3428, 6760, 3436, 6722, 3436, 6708, 3415, 6730, 3370, 6755, 3340,
    6785, 3300, 6815, 3295,
  ],
  [
    5500, 2300, 5500, 2430, 5650, 2452, 5700, 2470, 5760, 2505, 5820, 2528, 5870, 2533, 5915, 2528,
    5950, 2495, 5965, 2450, 5960, 2400, 5950, 2300,
  ],
  [
    6100, 2300, 6105, 2370, 6140, 2395, 6200, 2412, 6270, 2432, 6340, 2428, 6400, 2432, 6460, 2425,
    6510, 2395, 6530, 2350, 6530, 2300,
  ],
  [6455, 2925, 6445, 2898, 6436, 2912, 6440, 2935],
]

/** Made ground with straight sides: Harbor Island, Terminal 46, Piers 90 and 91. */
const terminals: readonly Line[] = [
  [5888, 3462, 5892, 3560, 5880, 3596, 5780, 3600, 5715, 3590, 5690, 3545, 5690, 3505, 5712, 3464],
  [5970, 3360, 5972, 3420, 5905, 3430, 5885, 3380],
  [6335, 3852, 6245, 3850, 6245, 3828, 6335, 3828],
  [6335, 3812, 6250, 3808, 6250, 3786, 6335, 3786],
]

/** The piers of the waterfront from north to south, then the breakwaters of the two marinas. */
const piers: readonly Line[] = [
  [6152, 3550, 6138, 3570],
  [6115, 3495, 6101, 3515],
  [6084, 3450, 6072, 3468],
  [6075, 3437, 6063, 3456],
  [6064, 3424, 6052, 3443],
  [6053, 3411, 6041, 3430],
  [6034, 3392, 6021, 3413],
  [6012, 3378, 6000, 3397],
]
const breakwaters: readonly Line[] = [
  [6845, 4075, 6775, 4098],
  [6282, 3968, 6279, 3900],
]

/** Discovery, Golden Gardens, Woodland, Green Lake, Ravenna, the campus, Magnuson, and so on south. */
const parks: readonly Line[] = [
  [
    6668, 4045, 6710, 4150, 6710, 4220, 6630, 4400, 6600, 4360, 6540, 4240, 6540, 4225, 6545, 4110,
    6610, 4105, 6612, 4055, 6612, 4055,
  ],
  [7000, 4080, 7000, 3995, 6885, 4005, 6885, 4060],
  [6715, 3535, 6715, 3420, 6660, 3425, 6645, 3475, 6650, 3540],
  [
    6850, 3342, 6843, 3398, 6804, 3440, 6757, 3448, 6712, 3446, 6698, 3415, 6722, 3362, 6750, 3328,
    6782, 3286, 6820, 3282,
  ],
  [6735, 3115, 6715, 3050, 6675, 3020, 6672, 3035, 6700, 3065, 6722, 3122],
  [6608, 3112, 6608, 3048, 6570, 3035, 6520, 3045, 6488, 3060, 6500, 3105, 6540, 3118, 6570, 3115],
  [6590, 2985, 6592, 2890, 6560, 2850, 6540, 2930, 6555, 2985],
  [6950, 2615, 6950, 2500, 6820, 2440, 6755, 2480, 6745, 2560, 6800, 2610],
  [6476, 3372, 6470, 3318, 6440, 3320, 6438, 3360],
  [6490, 3812, 6492, 3778, 6430, 3778, 6428, 3810],
  [6450, 2975, 6465, 2900, 6420, 2890, 6400, 2920, 6340, 2930, 6275, 2930, 6280, 2962, 6380, 2985],
  [6405, 2912, 6408, 2845, 6360, 2840, 6300, 2885, 6295, 2918, 6350, 2918],
  [6395, 3080, 6385, 3050, 6345, 3035, 6352, 3065, 6372, 3092],
  [6335, 3178, 6335, 3128, 6268, 3130, 6268, 3178],
  [6240, 3555, 6240, 3480, 6196, 3480, 6192, 3530],
  [6290, 3790, 6240, 3700, 6160, 3560, 6168, 3548, 6250, 3685, 6302, 3765],
  [6345, 3990, 6338, 3955, 6310, 3960, 6308, 4010],
  [6195, 3200, 6195, 3184, 6155, 3184, 6155, 3200],
  [6120, 2865, 6120, 2800, 6085, 2810, 6085, 2868],
  [6015, 2905, 6010, 2850, 5960, 2860, 5900, 2868, 5900, 2915, 5930, 2920, 5970, 2890],
  [5895, 2930, 5870, 2870, 5810, 2860, 5800, 2880, 5850, 2915],
  [5955, 3050, 5950, 3010, 5890, 2990, 5890, 3040],
  [5735, 3125, 5735, 3020, 5550, 3010, 5550, 3120],
  [5735, 2800, 5735, 2740, 5700, 2735, 5640, 2770, 5650, 2810],
  [5790, 4035, 5785, 3995, 5720, 3990, 5705, 4020, 5750, 4045],
  [5690, 3765, 5690, 3680, 5550, 3670, 5550, 3760],
  [5870, 4000, 5812, 4064, 5788, 4115, 5779, 4110, 5800, 4052, 5862, 3985],
  [5960, 2440, 5940, 2350, 5890, 2360, 5900, 2440],
]

/**
 * Where streets make a grid: north-west, north-east, south-east and south-west corner, then how many
 * blocks across and down. Later ones lie on earlier ones; the two that face the bay are downtown.
 */
const grids: readonly Line[] = [
  [6170, 3590, 6311, 3424, 6226, 3266, 6085, 3432, 12, 9],
  [6105, 3440, 6191, 3211, 6063, 3104, 5977, 3333, 15, 15],
  [6950, 4060, 6950, 3222, 6440, 3222, 6440, 4060, 38, 30],
  [6950, 3222, 6950, 2450, 6470, 2450, 6470, 3222, 34, 30],
  [6700, 4300, 6690, 3850, 6300, 3850, 6310, 4300, 19, 22],
  [6575, 3765, 6575, 3440, 6187, 3440, 6187, 3765, 15, 24],
  [6300, 3440, 6300, 3290, 6187, 3290, 6187, 3440, 8, 6],
  [6540, 3290, 6470, 2720, 6187, 2720, 6187, 3290, 26, 19],
  [6187, 3205, 6187, 2780, 6012, 2780, 6012, 3205, 20, 13],
  [6012, 3450, 6012, 3205, 5550, 3205, 5550, 3450, 9, 20],
  [6012, 3205, 6012, 2620, 5550, 2620, 5550, 3205, 27, 29],
  [5980, 4250, 5980, 3640, 5550, 3640, 5550, 4250, 28, 27],
  [5980, 2540, 5980, 2300, 5550, 2300, 5550, 2540, 9, 20],
  [6530, 2440, 6530, 2300, 6100, 2300, 6100, 2440, 6, 20],
]

/** Interstate 5, State Route 99, Interstate 90, State Route 520, the West Seattle Bridge. */
const motorways: readonly Line[] = [
  [
    6950, 3285, 6900, 3272, 6830, 3222, 6755, 3212, 6690, 3222, 6610, 3221, 6540, 3224, 6445, 3224,
    6375, 3246, 6300, 3268, 6245, 3287, 6185, 3297, 6125, 3312, 6075, 3292, 6020, 3258, 5960, 3200,
    5925, 3192, 5870, 3205, 5715, 3205, 5550, 3218,
  ],
  [
    6950, 3447, 6810, 3450, 6730, 3468, 6650, 3473, 6500, 3472, 6430, 3472, 6350, 3447, 6275, 3437,
    6222, 3437,
  ],
  [5935, 3357, 5880, 3392, 5800, 3393, 5715, 3393, 5550, 3388],
  [5945, 3300, 5925, 3192, 5913, 3100, 5908, 3000, 5897, 2920, 5898, 2700, 5903, 2530, 5885, 2380],
  [
    6445, 3224, 6430, 3180, 6432, 3110, 6443, 3050, 6445, 2985, 6433, 2910, 6424, 2840, 6406, 2600,
    6380, 2450, 6370, 2350,
  ],
  [5715, 3205, 5718, 3393, 5715, 3500, 5712, 3600, 5702, 3680, 5680, 3750, 5640, 3795, 5550, 3830],
]

/** State Route 99 under downtown. */
const tunnel: Line = [6222, 3437, 6150, 3430, 6065, 3375, 5990, 3338, 5935, 3357]

/** The streets one gives directions by, from the north-west to the south-east. */
const roads: readonly Line[] = [
  [6950, 3765, 6590, 3762, 6500, 3763, 6385, 3763, 6320, 3745, 6260, 3672, 6180, 3557, 6125, 3485],
  [6687, 4030, 6687, 3760, 6650, 3600, 6620, 3500, 6614, 3400, 6613, 3130, 6610, 3020, 6620, 2900],
  [6620, 2900, 6700, 2740, 6800, 2645, 6950, 2610],
  [6870, 3765, 6872, 3550, 6870, 3447, 6862, 3320, 6850, 3130, 6850, 2628],
  [6687, 3880, 6655, 3800, 6635, 3720, 6590, 3645, 6535, 3575, 6520, 3500],
  [6520, 3500, 6490, 3420, 6538, 3260, 6540, 3180, 6520, 3110, 6495, 3045],
  [6950, 3555, 6800, 3552, 6650, 3545, 6560, 3520, 6520, 3497, 6470, 3497, 6442, 3468, 6405, 3430],
  [6405, 3430, 6370, 3412, 6300, 3407, 6265, 3385, 6187, 3385, 6120, 3378],
  [6570, 3763, 6558, 3740, 6515, 3640, 6465, 3515, 6465, 3490],
  [6950, 3175, 6600, 3178, 6525, 3203, 6480, 3243, 6400, 3268, 6300, 3283, 6200, 3320, 6100, 3408],
  [6525, 3203, 6450, 3205, 6290, 3208, 6020, 3208],
  [6613, 3010, 6560, 3022, 6495, 3045, 6440, 3045, 6400, 3022, 6300, 3025, 5900, 3025, 5790, 2985],
  [5992, 3360, 5992, 3170, 5965, 3160, 5850, 3035, 5700, 2900, 5550, 2845],
  [6256, 2965, 5900, 2965, 5800, 2962, 5550, 2942],
  [6038, 3384, 6125, 3215, 6185, 3060, 6260, 2960, 6358, 2785],
  [6187, 3600, 6187, 3205, 6187, 3058],
  [6245, 3640, 6245, 3285],
  [6520, 3580, 6450, 3567, 6187, 3567],
  [6482, 3763, 6482, 4112],
  [6545, 3765, 6558, 3830, 6600, 3905, 6620, 3980, 6612, 4050],
  [6616, 4000, 6400, 3998, 6342, 4020, 6352, 4070, 6395, 4112, 6482, 4112, 6545, 4165],
  [6125, 3485, 6085, 3435, 6035, 3385, 5990, 3357, 5935, 3357],
  [6187, 3495, 6100, 3395, 6020, 3318, 5940, 3293, 5550, 3293],
  [5992, 3170, 5930, 3165, 5790, 3115, 5740, 3080, 5550, 2990],
  [5936, 3872, 5810, 3868, 5550, 3868],
  [5705, 3700, 5780, 3830, 5812, 3870, 5812, 3970, 5800, 4040],
  [
    5707, 3680, 5780, 3740, 5850, 3788, 5890, 3818, 5926, 3850, 5938, 3880, 5912, 3928, 5868, 3978,
    5825, 4024, 5795, 4068, 5774, 4120, 5760, 4170, 5740, 4165, 5705, 4110, 5550, 4040,
  ],
  [
    6256, 2965, 6225, 2840, 6185, 2832, 6110, 2852, 6020, 2872, 5940, 2890, 5865, 2902, 5800, 2878,
    5752, 2825, 5712, 2788, 5680, 2775, 5645, 2705, 5550, 2680,
  ],
]

/** From the north along the shore to King Street Station, under downtown, and on to the south. */
const railway: Line = [
  6950, 4030, 6800, 4030, 6720, 4050, 6672, 4022, 6640, 3990, 6590, 3880, 6480, 3800, 6330, 3785,
  6255, 3695, 6150, 3540, 6095, 3445, 6040, 3345, 5984, 3302, 5920, 3312, 5550, 3312,
]

/** Across Elliott Bay, to Bainbridge Island and to Bremerton. */
const ferries: readonly Line[] = [
  [6021, 3415, 6026, 3520, 6046, 3850, 6110, 4200, 6190, 4550],
  [6021, 3415, 6016, 3520, 5994, 3850, 5920, 4200, 5830, 4550],
]

/** Shown while the whole city is in view; the other names wait until there is room for them. */
const mainNames: ReadonlySet<string> = new Set([
  ...['Green Lake', 'Ballard', 'University District', 'Fremont', 'Magnolia', 'Queen Anne'],
  ...['Capitol Hill', 'Lake Washington', 'Elliott Bay', 'Downtown', 'Mount Baker', 'Alki Beach'],
])
/** What is too narrow for its name in one row. */
const stackedNames: ReadonlySet<string> = new Set([
  ...['Green Lake', 'Woodland Park', 'University District', 'Discovery Park', 'Lake Union'],
  ...['Volunteer Park', 'Lake Washington'],
])
/** Names moved sideways, in ems: a landmark's to the left of its mark, a lake's from the picture's edge. */
const nameShifts: ReadonlyMap<string, number> = new Map([
  ['Space Needle', -0.6],
  ['Pike Place Market', -0.6],
  ['Lake Washington', -0.45],
])

/** units of the drawing from west to east */
export const cityWidth = 1000
/** The picture's units in a radian of longitude, and of Mercator's latitude: the same, so shapes are true. */
const unitsPerRadian = cityWidth / toRadians(cityBounds.east - cityBounds.west)

function toRadians(degrees: number): number {
  return (degrees * Math.PI) / 180
}

function toMercator(latitude: number): number {
  return Math.log(Math.tan(Math.PI / 4 + toRadians(latitude) / 2))
}

interface Point {
  readonly x: number
  readonly y: number
}

function toPoint({ latitude, longitude }: Location): Point {
  return {
    x: toRadians(longitude - cityBounds.west) * unitsPerRadian,
    y: (toMercator(cityBounds.north) - toMercator(latitude)) * unitsPerRadian,
  }
}

function toPoints(line: Line): readonly Point[] {
  const ofLatitudes = line.filter((_, index) => index % 2 === 0)
  const ofLongitudes = line.filter((_, index) => index % 2 === 1)
  return ofLatitudes.map((north, index) =>
    toPoint({ latitude: 47 + north / 1e4, longitude: -122 - (ofLongitudes[index] ?? 0) / 1e4 }),
  )
}

function write({ x, y }: Point): string {
  return `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`
}

/** The point a third of `from`–`to` away from `from`, in the direction of `ahead` seen from `behind`. */
function findHandle(from: Point, to: Point, behind: Point, ahead: Point): Point {
  const reach = Math.hypot(to.x - from.x, to.y - from.y) / 3
  const [x, y] = [ahead.x - behind.x, ahead.y - behind.y]
  const scale = reach / (Math.hypot(x, y) || 1)
  return { x: from.x + x * scale, y: from.y + y * scale }
}

/**
 * A smooth path through all points: Catmull-Rom as cubic Béziers, each handle as long as its own piece
 * wants, so that the curve does not swing out where points are close.
 */
function toCurve(line: Line, isClosed = false): string {
  const points = toPoints(line)
  const at = (index: number): Point => {
    const inside = Math.min(Math.max(index, 0), points.length - 1)
    return points.at(isClosed ? index % points.length : inside) ?? { x: 0, y: 0 }
  }
  const pieces = points.slice(isClosed ? 0 : 1).map((_, index) => {
    const [from, to] = [at(index), at(index + 1)]
    const leaving = findHandle(from, to, at(index - 1), to)
    const arriving = findHandle(to, from, at(index + 2), from)
    return `C${write(leaving)} ${write(arriving)} ${write(to)}`
  })
  return `M${write(at(0))}${pieces.join('')}${isClosed ? 'Z' : ''}`
}

function toOutline(line: Line): string {
  return `M${toPoints(line).map(write).join('L')}`
}

type Side = readonly [Point, Point]

/** The outline of a grid, and its streets from side to side. */
function toGrid(grid: Line): string {
  const [northWest, northEast, southEast, southWest] = toPoints(grid.slice(0, 8))
  if (!(northWest && northEast && southEast && southWest)) return ''
  const [across = 1, down = 1] = grid.slice(8)
  const rule = (count: number, [a, b]: Side, [c, d]: Side): string[] =>
    Array.from({ length: count - 1 }, (_, index) => {
      const part = (index + 1) / count
      return `M${write(between(a, b, part))}L${write(between(c, d, part))}`
    })
  return [
    `${toOutline(grid.slice(0, 8))}Z`,
    ...rule(across, [northWest, northEast], [southWest, southEast]),
    ...rule(down, [northWest, southWest], [northEast, southEast]),
  ].join('')
}

function between(from: Point, to: Point, part: number): Point {
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part }
}

/** Makes an SVG element with attributes; a page with Trusted Types may not write markup. */
function createShape<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | number>>,
): SVGElementTagNameMap[Name] {
  const shape = document.createElementNS('http://www.w3.org/2000/svg', name)
  for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, String(value))
  return shape
}

function createLabel(place: Place): SVGGElement {
  const { name, kind } = place
  const isMarked = kind === 'landmark'
  const shift = nameShifts.get(name) ?? (isMarked ? 0.6 : 0)
  const label = createShape('g', {
    class: `city-label is-${kind} ${mainNames.has(name) ? 'is-main' : 'is-minor'}`,
    transform: `translate(${write(toPoint(place))})`,
  })
  if (isMarked) label.append(createShape('circle', { class: 'city-mark', r: 4 }))
  const besides = shift < 0 ? 'end' : 'start'
  const text = createShape('text', { 'text-anchor': isMarked ? besides : 'middle' })
  const rows = stackedNames.has(name) ? name.split(' ') : [name]
  for (const [index, row] of rows.entries()) {
    const drop = index === 0 ? 0.9 - rows.length * 0.55 : 1.1
    const span = createShape('tspan', { x: `${shift}em`, dy: `${drop}em` })
    span.textContent = row
    text.append(span)
  }
  label.append(text)
  return label
}

/**
 * Draws the map of the city, to lie between `cityBounds`: its x grows with longitude, its y with
 * Mercator's latitude, as a web map's pixels do. Class `is-far` shows the main names only, larger; the
 * property `--map-scale`, screen pixels in a unit, keeps names from growing when one comes nearer.
 */
export function drawCity(): SVGSVGElement {
  const { x, y } = toPoint({ latitude: cityBounds.south, longitude: cityBounds.east })
  const city = createShape('svg', {
    class: 'city',
    viewBox: `0 0 ${write({ x, y })}`,
    preserveAspectRatio: 'none',
    'aria-hidden': 'true',
  })
  const water = [shore, ...lakesAndIslands].map((line) => toCurve(line, true)).join('')
  const roadway = roads.map((line) => toCurve(line)).join('')
  const motorway = motorways.map((line) => toCurve(line)).join('')
  const clip = createShape('clipPath', { id: 'city-shore' })
  clip.append(createShape('path', { d: water, 'clip-rule': 'evenodd' }))
  const layers: readonly (readonly [className: string, path: string])[] = [
    ['city-land', `M0 0H${x}V${y}H0Z`],
    ...grids.map((grid) => ['city-street', toGrid(grid)] as const),
    ['city-park', parks.map((park) => toCurve(park, true)).join('')],
    ['city-water', water],
    ['city-shallow', water],
    ['city-shallow is-inner', water],
    ['city-ferry', ferries.map((line) => toCurve(line)).join('')],
    ['city-pier', [...piers, ...breakwaters].map(toOutline).join('')],
    ['city-terminal', terminals.map((terminal) => `${toOutline(terminal)}Z`).join('')],
    ['city-rail', toCurve(railway)],
    ['city-tunnel', toCurve(tunnel)],
    ['city-road is-edge', roadway],
    ['city-road', roadway],
    ['city-motorway is-edge', motorway],
    ['city-motorway', motorway],
    ['city-compass', 'M60 398a22 22 0 1 0 .1 0Z'],
    ['city-compass is-needle', 'M60 404l5 16h-10Z'],
    ['city-compass is-needle is-south', 'M60 436l5-16h-10Z'],
  ]
  city.append(clip, ...layers.map(([className, d]) => createShape('path', { class: className, d })))
  for (const shape of city.querySelectorAll('.city-shallow, .city-terminal')) {
    shape.setAttribute('clip-path', 'url(#city-shore)')
  }
  city.append(...places.map(createLabel))
  return city
}
