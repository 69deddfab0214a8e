// What the administration room asks of the server.
import * as v from 'valibot';
import { apiRoot, type Rest } from '../platform/rest';
import { nothingSchema } from '../contract/answers';
import type { Proof } from '../account/proof.svelte';
import { AnnouncementsApi } from './announcements-api';
import { ServerSettingsApi } from './settings-api';
import { ServerStorageApi } from './storage-api';

const id = v.string();
const moment = v.nullable(v.number());
const partySchema = v.object({ id, name: v.string(), avatar_url: v.nullable(v.string()) });
const whoSchema = v.object({ id, name: v.nullable(v.string()) });

const accountSchema = v.object({
  id,
  name: v.string(),
  email: v.string(),
  role: v.string(),
  avatar_url: v.nullable(v.string()),
  created_at: v.number(),
  last_seen: moment,
  suspended_until: moment,
  suspension_reason: v.nullable(v.string()),
  devices: v.number(),
  second_factor: v.boolean(),
  used: v.number(),
  manageable: v.boolean(),
  online: v.boolean(),
});

const reportSchema = v.object({
  id,
  reporter: partySchema,
  user: partySchema,
  reason: v.string(),
  text: v.string(),
  created_at: v.number(),
  about_message: v.boolean(),
  decision: v.nullable(v.string()),
  decision_reason: v.nullable(v.string()),
  decided_at: moment,
  decided_by: v.nullable(partySchema),
  suspended_until: moment,
});

const reportedMessageSchema = v.object({
  seq: v.number(),
  author: partySchema,
  body: v.string(),
  created_at: v.number(),
  files: v.number(),
  deleted: v.boolean(),
  reported: v.boolean(),
  actions: v.optional(v.unknown()),
});

const entrySchema = v.object({
  number: v.number(),
  at: v.number(),
  actor: whoSchema,
  action: v.string(),
  target: v.nullable(whoSchema),
  details: v.record(v.string(), v.unknown()),
  address: v.nullable(v.string()),
});

const jobSchema = v.object({
  id: v.number(),
  kind: v.string(),
  attempts: v.number(),
  error: v.string(),
  created_at: v.number(),
  next_at: moment,
  recurring: v.boolean(),
});

const healthSchema = v.object({
  version: v.string(),
  database: v.string(),
  free_bytes: v.number(),
  figures: v.record(v.string(), v.number()),
  waiting_jobs: v.number(),
  failed_jobs: v.array(jobSchema),
});

const examinationSchema = v.object({
  checks: v.array(v.object({ name: v.string(), state: v.string(), text: v.string() })),
});
const verificationSchema = v.object({ head: v.string(), problem: v.nullable(v.string()) });

const peopleSchema = v.object({ people: v.array(accountSchema), more: v.boolean() });
const personSchema = v.object({ person: accountSchema });
const reportsSchema = v.object({
  reports: v.array(reportSchema),
  open: v.number(),
  more: v.boolean(),
});
const reportAnswerSchema = v.object({
  report: reportSchema,
  messages: v.array(reportedMessageSchema),
});
const auditSchema = v.object({
  entries: v.array(entrySchema),
  more: v.boolean(),
  head: v.string(),
});

const waitingSchema = v.object({ id, email: v.string(), name: v.string(), created_at: v.number() });
const approvalsSchema = v.object({ registrations: v.array(waitingSchema) });
const resetLinkSchema = v.object({ link: v.string(), expires_at: v.number() });

export type Waiting = v.InferOutput<typeof waitingSchema>;
export type ResetLink = v.InferOutput<typeof resetLinkSchema>;
export type Account = v.InferOutput<typeof accountSchema>;
export type Report = v.InferOutput<typeof reportSchema>;
export type ReportDetails = v.InferOutput<typeof reportAnswerSchema>;
export type Entry = v.InferOutput<typeof entrySchema>;
export type Who = v.InferOutput<typeof whoSchema>;
export type Finding = v.InferOutput<typeof examinationSchema>['checks'][number];
export type Job = v.InferOutput<typeof jobSchema>;
export type Health = v.InferOutput<typeof healthSchema>;

export interface NewPerson {
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly role: string;
  readonly contact: boolean;
}

export interface Decision {
  readonly decision: string;
  readonly reason: string;
  readonly until?: number;
}

/** The end of a suspension that somebody has to lift. */
export const forever = 2 ** 53 - 1;

const root = '/administration';

export class AdministrationApi {
  readonly announcements: AnnouncementsApi;
  readonly settings: ServerSettingsApi;
  /** Where the whole audit log is downloaded. */
  readonly logAddress = `${apiRoot}${root}/audit/export`;
  readonly storage: ServerStorageApi;

  constructor(
    private readonly rest: Rest,
    private readonly proof: Proof,
  ) {
    this.announcements = new AnnouncementsApi(rest, proof);
    this.settings = new ServerSettingsApi(rest, proof);
    this.storage = new ServerStorageApi(rest, proof);
  }

  people(query: string, offset: number, suspended: boolean) {
    return this.rest.call(
      peopleSchema,
      'GET',
      `${root}/people?${asQuery({ query, offset, suspended })}`,
    );
  }

  async person(user: string): Promise<Account> {
    return (await this.rest.call(personSchema, 'GET', personPath(user))).person;
  }

  create(person: NewPerson) {
    return this.proof.run(() => this.rest.create(personSchema, `${root}/people`, person));
  }

  deactivate(user: string, reason: string) {
    return this.proof.run(() =>
      this.rest.call(nothingSchema, 'PUT', `${personPath(user)}/suspension`, { reason }),
    );
  }

  reactivate(user: string) {
    return this.proof.run(() =>
      this.rest.call(nothingSchema, 'DELETE', `${personPath(user)}/suspension`),
    );
  }

  signOut(user: string) {
    return this.proof.run(() =>
      this.rest.call(nothingSchema, 'DELETE', `${personPath(user)}/sessions`),
    );
  }

  removeFactors(user: string) {
    return this.proof.run(() =>
      this.rest.call(nothingSchema, 'DELETE', `${personPath(user)}/second-factor`),
    );
  }

  changeRole(user: string, role: string) {
    return this.proof.run(() =>
      this.rest.call(nothingSchema, 'PUT', `${personPath(user)}/role`, { role }),
    );
  }

  reports(decided: boolean, offset: number) {
    return this.rest.call(reportsSchema, 'GET', `${root}/reports?${asQuery({ decided, offset })}`);
  }

  report(report: string) {
    return this.rest.call(reportAnswerSchema, 'GET', reportPath(report));
  }

  decide(report: string, decision: Decision) {
    return this.proof.run(() =>
      this.rest.call(nothingSchema, 'POST', `${reportPath(report)}/decision`, decision),
    );
  }

  async waiting(): Promise<readonly Waiting[]> {
    return (await this.rest.call(approvalsSchema, 'GET', '/server/approvals')).registrations;
  }

  answer(registration: string, approve: boolean) {
    const path = `/server/approvals/${encodeURIComponent(registration)}`;
    return this.rest.call(nothingSchema, 'POST', path, { approve });
  }

  resetLink(user: string): Promise<ResetLink> {
    const path = `/server/users/${encodeURIComponent(user)}/reset-link`;
    return this.proof.run(() => this.rest.call(resetLinkSchema, 'POST', path));
  }

  health(): Promise<Health> {
    return this.rest.call(healthSchema, 'GET', `${root}/health`);
  }

  retry(job: number) {
    return this.rest.call(nothingSchema, 'POST', `${root}/jobs`, { job });
  }

  discard(job: number) {
    return this.rest.call(nothingSchema, 'POST', `${root}/jobs`, { job, discard: true });
  }

  /** What `echosphere doctor` finds. */
  async examine(): Promise<readonly Finding[]> {
    return (await this.rest.call(examinationSchema, 'GET', `${root}/examination`)).checks;
  }

  verifyLog() {
    return this.rest.call(verificationSchema, 'GET', `${root}/audit/verification`);
  }

  audit(before: number | undefined, person: string | undefined) {
    const wanted = {
      ...(before === undefined ? {} : { before }),
      ...(person === undefined ? {} : { person }),
    };
    return this.rest.call(auditSchema, 'GET', `${root}/audit?${asQuery(wanted)}`);
  }
}

function personPath(user: string): string {
  return `${root}/people/${encodeURIComponent(user)}`;
}

function reportPath(report: string): string {
  return `${root}/reports/${encodeURIComponent(report)}`;
}

function asQuery(fields: Readonly<Record<string, string | number | boolean>>): string {
  return new URLSearchParams(
    Object.entries(fields).map(([name, value]) => [name, String(value)]),
  ).toString();
}
