import { CfnOutput, Stack, type StackProps, Validations } from 'aws-cdk-lib'
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront'
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins'
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2'
import type { Construct } from 'constructs'

export interface FirewallOptions extends StackProps {
  prefix: string
  apiHost: string
  requestsPerFiveMinutes: number
}

/**
 * CloudFront with a web application firewall in front of the API, for an HTTP API can have none of its own. Firewalls of
 * CloudFront live in us-east-1, so the API is named and not referred to. Its own address stays reachable, with tokens
 * and throttle as before.
 */
export class Firewall extends Stack {
  constructor(scope: Construct, id: string, options: FirewallOptions) {
    const { prefix, apiHost, requestsPerFiveMinutes, ...props } = options
    super(scope, id, { ...props, description: 'omnijourney: a firewall in front of the API' })
    const webAcl = new CfnWebACL(this, 'WebAcl', {
      name: prefix,
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      visibilityConfig: visible(prefix),
      rules: [
        {
          name: 'too-many-from-one-address',
          priority: 0,
          action: { block: {} },
          statement: { rateBasedStatement: { aggregateKeyType: 'IP', limit: requestsPerFiveMinutes } },
          visibilityConfig: visible('too-many-from-one-address'),
        },
        ...managedGroups.map((name, at) => ({
          name,
          priority: at + 1,
          overrideAction: { none: {} },
          statement: { managedRuleGroupStatement: { vendorName: 'AWS', name } },
          visibilityConfig: visible(name),
        })),
      ],
    })
    const distribution = new Distribution(this, 'Distribution', {
      comment: `${prefix}: the API behind a firewall`,
      webAclId: webAcl.attrArn,
      httpVersion: HttpVersion.HTTP2_AND_3,
      defaultBehavior: {
        origin: new HttpOrigin(apiHost, { protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY }),
        allowedMethods: AllowedMethods.ALLOW_ALL,
        cachePolicy: CachePolicy.CACHING_DISABLED,
        // API Gateway finds the API by the host, which has to be its own.
        originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      },
    })
    for (const [rule, reason] of Object.entries(accepted))
      Validations.of(distribution).acknowledge({ id: `AwsSolutions-${rule}`, reason })
    new CfnOutput(this, 'FirewalledApiUrl', { value: `https://${distribution.distributionDomainName}` })
  }
}

/** What is known to be hostile. Bodies may be 10 MB of events, so the groups that look into them for 8 KB are left out. */
const managedGroups = ['AWSManagedRulesAmazonIpReputationList', 'AWSManagedRulesKnownBadInputsRuleSet']

const visible = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  cloudWatchMetricsEnabled: true,
  metricName,
  sampledRequestsEnabled: false,
})

const accepted = {
  CFR1: 'Customers of a retailer are everywhere; who may call is said by tokens.',
  CFR3: 'Access logs of CloudFront have addresses of callers; the API writes its own without them.',
  CFR4: 'The domain is that of CloudFront; with one of your own, its certificate says the least version of TLS.',
}
