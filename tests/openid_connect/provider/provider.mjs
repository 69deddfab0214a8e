// A real OpenID Connect provider: node provider.mjs PORT ADDRESS-OF-ECHOSPHERE
// Everybody signs in with any password; who it is, and their claims, follow from the name.
import Provider from 'oidc-provider';

const [port, server] = process.argv.slice(2);
const issuer = `http://localhost:${port}`;
const here = `${server}/login/openid/company`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'echosphere',
      client_secret: 'a-secret-between-the-two',
      redirect_uris: [`${here}/callback`],
      post_logout_redirect_uris: [`${server}/login`],
      backchannel_logout_uri: `${here}/logout`,
      backchannel_logout_session_required: true,
    },
  ],
  claims: { openid: ['sub'], profile: ['name', 'groups'], email: ['email', 'email_verified'] },
  cookies: { keys: ['keys of a test'] },
  features: {
    backchannelLogout: { enabled: true },
    devInteractions: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
  // Its own way out refuses addresses of this machine, where EchoSphere is.
  fetch: (url, { dispatcher: _, ...options }) => fetch(url, options),
  findAccount: (_context, name) => ({
    accountId: name,
    claims: () => ({
      sub: name,
      name: `${name[0].toUpperCase()}${name.slice(1)} Company`,
      email: `${name}@example.org`,
      email_verified: true,
      groups: name === 'boss' ? ['chat-admin'] : [],
    }),
  }),
});

provider.listen(Number(port), '127.0.0.1', () => console.log(issuer));
