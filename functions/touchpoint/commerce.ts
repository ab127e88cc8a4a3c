import * as z from 'zod'
import { isBookable, money, price, quantity } from './figures.ts'
import { strictFields } from './strict-fields.ts'
import { fulfilments } from './vocabulary.ts'

const maxItems = 2_000

const text = z.string('a string')
const optionalText = text.exactOptional()
const optionalMoney = money.exactOptional()
// An empty number would make one order, or one product, of all that have none.
const key = z.string('a string that is not empty').min(1, 'a string that is not empty')

const item = strictFields(
  {
    sku: key,
    productId: optionalText,
    name: optionalText,
    variant: optionalText,
    category: optionalText,
    brand: optionalText,
    quantity: quantity.default(1),
    price: price.exactOptional(),
    amount: optionalMoney,
    discount: optionalMoney,
    tax: optionalMoney,
    promotion: optionalText,
  },
  'an object with the fields of an item',
)

const currencyText = 'three capital letters, such as EUR (ISO 4217)'

export const order = strictFields(
  {
    id: key.exactOptional(),
    refundId: key.exactOptional(),
    total: optionalMoney,
    tax: optionalMoney,
    shipping: optionalMoney,
    discount: optionalMoney,
    currency: z
      .string(currencyText)
      .regex(/^[A-Z]{3}$/, currencyText)
      .exactOptional(),
    fulfilment: z.enum(fulfilments, `one of ${fulfilments.join(', ')}`).exactOptional(),
    coupon: optionalText,
  },
  'an object with the fields of an order',
)

const itemsText = `a list of at most ${maxItems} items`
export const items = z.array(item, itemsText).max(maxItems, itemsText)

export type Item = z.output<typeof item>
export type Order = z.output<typeof order>

export type Misfit = { path: (string | number)[]; expectation: string }

/** What is wrong with figures that are each right by themselves, if anything. */
export function misfitAmong(
  lines: readonly Item[],
  order: Order | undefined,
  gaveBack: boolean,
): Misfit | null {
  let sum = 0
  for (const [index, line] of lines.entries()) {
    const path = ['items', index]
    if (line.amount !== undefined && line.amount * line.quantity < 0)
      return { path: [...path, 'amount'], expectation: 'of the same sign as quantity' }
    const negative = gaveBack && negativeFigure(line, ['quantity', 'amount', 'discount', 'tax'])
    if (negative) return { path: [...path, negative], expectation: givenBack }
    sum += Math.abs(line.amount ?? line.quantity * (line.price ?? 0))
  }
  const negative = gaveBack && order && negativeFigure(order, ['total', 'tax', 'shipping', 'discount'])
  if (negative) return { path: ['order', negative], expectation: givenBack }
  return isBookable(sum) ? null : { path: ['items'], expectation: 'worth less than 100000000000000' }
}

const givenBack = 'positive: a refund or cancellation says what is given back'

function negativeFigure<Name extends string>(
  figures: { [name in Name]?: number },
  names: readonly Name[],
): Name | undefined {
  return names.find((name) => (figures[name] ?? 0) < 0)
}
