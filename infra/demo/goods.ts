import type { Line } from './event.ts'
import type { Random } from './random.ts'

type Product = Omit<Line, 'quantity'>

/** Name, brand, price and, after it, the names of what is often bought with it. */
const range: Readonly<Record<string, readonly string[]>> = {
  'Home/Lighting': [
    'Desk lamp Fjell|Nordlicht|89|Bulb E27',
    'Floor lamp Skog|Nordlicht|179|Bulb E27,Timer plug',
    'Pendant lamp Glimm|Lumea|129|Bulb E27',
    'Night light Maja|Lumea|19.9|Timer plug',
    'Bulb E27|Lumea|7.5',
    'Timer plug|Voltix|12.9',
  ],
  'Home/Furniture': [
    'Reading chair Linde|Linde|349|Wool blanket',
    'Side table Birk|Linde|119|Night light Maja',
    'Book shelf Ahorn|Linde|229',
    'Stool Esche|Linde|59',
  ],
  'Home/Textiles': [
    'Wool blanket|Vester|79|Linen cushion',
    'Linen cushion|Vester|34.5',
    'Linen curtain|Vester|69|Curtain rod',
    'Curtain rod|Vester|24.9',
  ],
  'Kitchen/Appliances': [
    'Kettle Havn 1.2 l|Havn|59.9|Cups, set of 6,Green tea',
    'Coffee grinder Mokka|Havn|99|Coffee beans 1 kg',
    'Toaster Havn|Havn|64.9',
    'Hand blender Rapid|Voltix|49',
  ],
  'Kitchen/Tableware': [
    'Cups, set of 6|Havn|24',
    'Plates, set of 4|Havn|36',
    'Oak board|Linde|29.5|Bread knife',
    'Bread knife|Klinge|39.9',
  ],
  'Food/Drinks': ['Green tea|Teehaus|8.9', 'Coffee beans 1 kg|Teehaus|21.5', 'Elderflower syrup|Teehaus|6.9'],
  'Garden/Outdoor': [
    'Garden chair Sol|Linde|89|Seat pad',
    'Seat pad|Vester|19.9',
    'Lantern Hav|Lumea|27.5|Candles, pack of 20',
    'Candles, pack of 20|Lumea|9.9',
  ],
}

const parsed = Object.entries(range).flatMap(([category, rows]) =>
  rows.map((row) => {
    const [name = '', brand = '', price = '', companions = ''] = row.split('|')
    return { category, name, brand, price: Number(price), companions }
  }),
)

const products: readonly (Product & { companions: string })[] = parsed.map((product, at) => ({
  sku: `${2_000 + at * 10}-1`,
  productId: String(2_000 + at * 10),
  ...product,
}))

export const zones = ['lighting', 'furniture', 'kitchen', 'textiles', 'garden']

/** What somebody is after, as a line of one piece. */
export function createWish(random: Random): Line {
  return asLine(random.oneOf(products), 1)
}

/** What ends up in the basket with it. */
export function fillBasket(random: Random, wish: Line): Line[] {
  const { companions = '' } = products.find(({ sku }) => sku === wish.sku) ?? {}
  const others = products.filter(
    ({ name, sku }) =>
      sku !== wish.sku && random.chance(companions.split(/,(?=[A-Z])/).includes(name) ? 0.45 : 0.02),
  )
  return [wish, ...others.map((product) => asLine(product, random.chance(0.8) ? 1 : 2))]
}

export function worth(lines: readonly Line[]): number {
  return lines.reduce((cents, { price, quantity }) => cents + Math.round(price * 100) * quantity, 0) / 100
}

/** The value-added tax contained in an amount. */
export function taxIn(amount: number): number {
  return Math.round((amount * 100 * 19) / 119) / 100
}

function asLine(product: Product, quantity: number): Line {
  const { sku, productId, name, category, brand, price } = product
  return { sku, productId, name, category, brand, quantity, price }
}
