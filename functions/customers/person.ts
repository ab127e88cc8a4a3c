import { notFound } from '../http/problem.ts'
import type { Person } from '../identity/person.ts'
import type { IdentityStore } from '../store/identity.ts'

export const isPersonId = (text: string): boolean => /^[0-9a-z]{20}$/.test(text)

export const noSuchPerson = () =>
  notFound('there is no person with this id; POST /v1/customers/lookup finds one by identifier')

/** The person of an id; an alias gives the surviving one. */
export async function readPerson(
  personId: string,
  identity: Pick<IdentityStore, 'persons'>,
): Promise<Person> {
  const person = isPersonId(personId) ? (await identity.persons([personId])).get(personId) : undefined
  if (!person) throw noSuchPerson()
  return person
}
