// What asks for a fresh proof: the dialog opens for that answer alone, and what was wanted is done then.
import { afterEach, describe, expect, test, vi } from 'vitest';
import { refusalFrom } from '../src/platform/refusal';
import { Rest } from '../src/platform/rest';
import { nothingSchema } from '../src/contract/answers';
import { AccountSecurity } from '../src/account/security';
import { Proof } from '../src/account/proof.svelte';

type Asked = [method: string, path: string];

/** A server that refuses with this code until somebody has proved who they are. */
function server(code: string): { asked: Asked[]; rest: Rest } {
  const asked: Asked[] = [];
  let proved = false;
  vi.stubGlobal('fetch', (path: string, { method }: { method: string }) => {
    asked.push([method, path]);
    proved ||= path.endsWith('/proof');
    const refusal = new Response(JSON.stringify({ code, title: 'No.' }), { status: 403 });
    return Promise.resolve(proved ? new Response(null, { status: 204 }) : refusal);
  });
  return { asked, rest: new Rest() };
}

describe('a fresh proof', () => {
  afterEach(() => void vi.unstubAllGlobals());

  test('is told from what somebody may not do, though the status is the same', () => {
    const own = ['proof_needed', 'factor_needed', 'confirmation_needed'];
    const codes = [...own, 'forbidden', 'never_heard_of'].map(
      (code) => refusalFrom(403, { code, detail: 'No.' }, null).code,
    );
    expect(codes).toEqual([...own, 'forbidden', 'forbidden']);
  });

  test('is asked for once, and then what was wanted is done', async () => {
    const { asked, rest } = server('proof_needed');
    const proof = new Proof(new AccountSecurity(rest));
    const wanted = proof.run(() => rest.call(nothingSchema, 'DELETE', '/wanted'));
    await vi.waitFor(() => expect(proof.answer).not.toBeNull());
    await proof.prove('a password');
    await wanted;
    expect(proof.answer).toBeNull();
    expect(asked.map(([method]) => method)).toEqual(['DELETE', 'PUT', 'DELETE']);
  });

  test('is not asked for where it would not help', async () => {
    const { asked, rest } = server('forbidden');
    const proof = new Proof(new AccountSecurity(rest));
    const wanted = proof.run(() => rest.call(nothingSchema, 'DELETE', '/wanted'));
    await expect(wanted).rejects.toMatchObject({ code: 'forbidden' });
    expect([proof.answer, asked.length]).toEqual([null, 1]);
  });

  test('can be given up', async () => {
    const { asked, rest } = server('proof_needed');
    const proof = new Proof(new AccountSecurity(rest));
    const wanted = proof.run(() => rest.call(nothingSchema, 'DELETE', '/wanted'));
    await vi.waitFor(() => expect(proof.answer).not.toBeNull());
    proof.answer?.(false);
    await expect(wanted).rejects.toMatchObject({ code: 'proof_needed' });
    expect(asked.length).toBe(1);
  });
});
