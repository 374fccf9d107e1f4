// Logs in with openid-client: discovery, authorization code with PKCE, ID Token, userinfo, refresh, userinfo again.
// REQUEST says how the request goes out: nothing (in the URL), "par" (pushed), "jar" (a signed request object), "both", or
// "hybrid" (response type "code id_token"). ENCRYPTED: the ID Token is encrypted for CLIENT_KEY.
// INITIAL_ACCESS_TOKEN: the client registers itself first (RFC 7591); CLIENT_ID and CLIENT_SECRET are not needed then.
// Environment: ISSUER, CLIENT_ID, CLIENT_METHOD, CLIENT_SECRET or CLIENT_KEY (private JWK), REDIRECT_URI, USERNAME,
// PASSWORD. Prints what was learnt as JSON.
import * as client from 'openid-client'
import { person } from './person.mjs'

const { ISSUER, CLIENT_ID, CLIENT_METHOD, CLIENT_SECRET, CLIENT_KEY, REDIRECT_URI, USERNAME, PASSWORD, REQUEST, ENCRYPTED, INITIAL_ACCESS_TOKEN } = process.env

const imported = (algorithm, usages) =>
  crypto.subtle.importKey('jwk', JSON.parse(CLIENT_KEY), { name: algorithm, namedCurve: 'P-256' }, false, usages)

async function authentication() {
  switch (CLIENT_METHOD) {
    case 'client_secret_basic': return client.ClientSecretBasic(CLIENT_SECRET)
    case 'client_secret_post': return client.ClientSecretPost(CLIENT_SECRET)
    case 'client_secret_jwt': return client.ClientSecretJwt(CLIENT_SECRET)
    case 'private_key_jwt': {
      return client.PrivateKeyJwt({ key: await imported('ECDSA', ['sign']), kid: JSON.parse(CLIENT_KEY).kid })
    }
    case 'none': return client.None()
    default: throw new Error(`unknown method ${CLIENT_METHOD}`)
  }
}

const buttons = [['login-submit', { username: USERNAME, password: PASSWORD }], ['consent-allow', {}]]

const config = INITIAL_ACCESS_TOKEN
  ? await client.dynamicClientRegistration(new URL(ISSUER), {
      client_name: 'openid-client', redirect_uris: [REDIRECT_URI], grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: CLIENT_METHOD, 'client_name#de': 'Klient',
    }, CLIENT_METHOD === 'client_secret_basic' ? client.ClientSecretBasic() : client.ClientSecretPost(), { initialAccessToken: INITIAL_ACCESS_TOKEN })
  : await client.discovery(new URL(ISSUER), CLIENT_ID, undefined, await authentication())
const verifier = client.randomPKCECodeVerifier()
const nonce = client.randomNonce()
const state = client.randomState()
if (REQUEST === 'hybrid') client.useCodeIdTokenResponseType(config)
if (ENCRYPTED) {
  const key = await imported('ECDH', ['deriveBits'])
  client.enableDecryptingResponses(config, ['A256GCM'], { key, kid: JSON.parse(CLIENT_KEY).kid })
}

async function start(parameters) {
  if (REQUEST === 'jar' || REQUEST === 'both') {
    const object = await client.buildAuthorizationUrlWithJAR(config, parameters, await imported('ECDSA', ['sign']))
    if (REQUEST === 'jar') return object
    return client.buildAuthorizationUrlWithPAR(config, object.searchParams)
  }
  if (REQUEST === 'par') return client.buildAuthorizationUrlWithPAR(config, parameters)
  return client.buildAuthorizationUrl(config, parameters)
}

const url = await start({
  redirect_uri: REDIRECT_URI, scope: 'openid profile email offline_access', nonce, state, prompt: 'consent', max_age: '300',
  code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
})
const answer = await person(url, (place) => place.href.startsWith(REDIRECT_URI), buttons)
const tokens = await client.authorizationCodeGrant(config, answer, {
  pkceCodeVerifier: verifier, expectedNonce: nonce, expectedState: state, maxAge: 300, idTokenExpected: true,
})
const sub = tokens.claims().sub
const userinfo = await client.fetchUserInfo(config, tokens.access_token, sub)
const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token)
const again = await client.fetchUserInfo(config, refreshed.access_token, sub)
console.log(JSON.stringify({
  registered: config.clientMetadata(), request: [...url.searchParams.keys()], metadata: config.serverMetadata(), id_token: tokens.claims(), userinfo, again,
  rotated: refreshed.refresh_token !== undefined && refreshed.refresh_token !== tokens.refresh_token,
}))
