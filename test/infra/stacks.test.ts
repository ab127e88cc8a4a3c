import { expect, test } from 'vitest'
import { synthesize } from './synthesized.ts'

test.each(Object.entries(synthesize()))('the stack %s is as it was', (_, stack) => {
  expect(stack.toJSON()).toMatchSnapshot()
})

test('with every option set the stacks pass the rules of AWS Solutions, too', () => {
  const options = {
    ...{ name: 'shop', stage: 'berlin', region: 'eu-central-1', tags: { team: 'data' } },
    ...{ profile: 'large', removalPolicy: 'destroy', alarmEmail: 'ops@example.org', monthlyBudget: 500 },
    api: { origins: ['https://shop.example.org'] },
    access: { issuer: 'https://id.example.org/realms/shop', audiences: ['omnijourney'] },
    firewall: { apiHost: 'abc.execute-api.eu-central-1.amazonaws.com' },
  }
  expect(() => synthesize(options, { checked: true })).not.toThrow()
})
