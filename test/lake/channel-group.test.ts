import { expect, it } from 'vitest'
import { ownChannelGroup } from '../../functions/lake/channel-group.ts'

const from = (source: string, medium?: string, id?: string) => ({ campaign: { source, medium, id } })
const referred = (referrer: string, page?: string) => ({ location: { referrer, page } })

it.each([
  [{}, null],
  [{ campaign: {}, location: { page: 'https://shop.example/a' } }, null],
  [from('google', 'cpc'), 'paid_search'],
  [from('google', 'organic'), 'organic_search'],
  [from('bing.com', 'ppc'), 'paid_search'],
  [from('facebook', 'paid_social'), 'paid_social'],
  [from('instagram.com'), 'organic_social'],
  [from('somewhere', 'social-network'), 'organic_social'],
  [from('youtube', 'video'), 'organic_video'],
  [from('youtube', 'cpc'), 'paid_video'],
  [from('amazon', 'retargeting'), 'paid_shopping'],
  [from('partner', 'cpc', 'summer-shopping'), 'paid_shopping'],
  [from('partner', 'cpc'), 'paid_other'],
  [from('partner', 'cpm'), 'display'],
  [from('partner', 'banner'), 'display'],
  [from('newsletter', 'email'), 'email'],
  [from('e-mail', 'news'), 'email'],
  [from('partner', 'affiliate'), 'affiliates'],
  [from('spotify', 'audio'), 'audio'],
  [from('sms', 'text'), 'sms'],
  [from('app', 'push'), 'mobile_push_notifications'],
  [from('firebase'), 'mobile_push_notifications'],
  [from('partner', 'referral'), 'referral'],
  [from('partner', 'leaflet'), 'unassigned'],
  [{ campaign: { id: 'xmas-26' } }, 'unassigned'],
  [from('(direct)', '(none)'), 'direct'],
  [referred('https://www.google.de/'), 'organic_search'],
  [referred('https://t.co/abc'), 'organic_social'],
  [referred('https://blog.example/post', 'https://shop.example/a'), 'referral'],
  [referred('https://www.shop.example/a', 'https://shop.example/b'), null],
  [referred('https://checkout.shop.example/a', 'https://shop.example/b'), null],
  [referred('no address'), null],
  [{ ...from('newsletter', 'email'), ...referred('https://www.google.de/') }, 'email'],
])('%j is %s', (origin, group) => {
  expect(ownChannelGroup(origin)).toBe(group)
})
