// Passkeys in the browser: the server's options as `navigator.credentials` takes them, and its
// answers as the server takes them. Bytes travel in base64url.

export interface KnownPasskey {
  readonly id: string;
  readonly transports: readonly string[];
}

export interface AssertionOptions {
  readonly challenge: string;
  readonly rp_id: string;
  readonly passkeys: readonly KnownPasskey[];
  readonly user_verification: 'required' | 'preferred';
}

export interface PasskeyOptions {
  readonly challenge: string;
  readonly rp_id: string;
  readonly user_handle: string;
  readonly email: string;
  readonly display_name: string;
  readonly known: readonly KnownPasskey[];
}

export interface Assertion {
  readonly credential: string;
  readonly client_data: string;
  readonly authenticator_data: string;
  readonly signature: string;
  readonly user_handle: string;
}

export interface MadePasskey {
  readonly credential: string;
  readonly client_data: string;
  readonly attestation: string;
  readonly transports: readonly string[];
}

/** ES256, EdDSA and RS256: what authenticators have, the best first. */
const algorithms = [-7, -8, -257];
const patience = 300_000;

/** The browser shows no passkeys: it cannot, was told not to, or the person closed its dialog. */
export class NoPasskey extends Error {}

export function canUsePasskeys(): boolean {
  return typeof PublicKeyCredential === 'function';
}

export async function askForPasskey(
  options: AssertionOptions,
  how: Pick<CredentialRequestOptions, 'mediation' | 'signal'> = {},
): Promise<Assertion> {
  const { id, response } = await chosen(
    navigator.credentials.get({
      ...how,
      publicKey: {
        challenge: bytesOf(options.challenge),
        rpId: options.rp_id,
        allowCredentials: options.passkeys.map(described),
        userVerification: options.user_verification,
        timeout: patience,
      },
    }),
  );
  if (!(response instanceof AuthenticatorAssertionResponse)) throw new NoPasskey();
  return {
    credential: id,
    client_data: textOf(response.clientDataJSON),
    authenticator_data: textOf(response.authenticatorData),
    signature: textOf(response.signature),
    user_handle: response.userHandle === null ? '' : textOf(response.userHandle),
  };
}

export async function makePasskey(options: PasskeyOptions): Promise<MadePasskey> {
  const { id, response } = await chosen(
    navigator.credentials.create({
      publicKey: {
        challenge: bytesOf(options.challenge),
        rp: { id: options.rp_id, name: 'EchoSphere' },
        user: {
          id: bytesOf(options.user_handle),
          name: options.email,
          displayName: options.display_name,
        },
        pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
        excludeCredentials: options.known.map(described),
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
        attestation: 'none',
        timeout: patience,
      },
    }),
  );
  if (!(response instanceof AuthenticatorAttestationResponse)) throw new NoPasskey();
  return {
    credential: id,
    client_data: textOf(response.clientDataJSON),
    attestation: textOf(response.attestationObject),
    transports: response.getTransports(),
  };
}

async function chosen(asked: Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const credential = await asked;
    if (credential instanceof PublicKeyCredential) return credential;
  } catch (error) {
    throw new NoPasskey(error instanceof DOMException ? error.name : '', { cause: error });
  }
  throw new NoPasskey();
}

function described({ id, transports }: KnownPasskey): PublicKeyCredentialDescriptor {
  const known = transports as AuthenticatorTransport[];
  return { type: 'public-key', id: bytesOf(id), ...(known.length > 0 && { transports: known }) };
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function textOf(bytes: ArrayBuffer): string {
  const plain = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join('');
  return btoa(plain).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
