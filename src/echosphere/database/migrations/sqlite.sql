CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE conversations (
	id VARCHAR(64) NOT NULL, 
	kind VARCHAR(8) NOT NULL, 
	title VARCHAR(100), 
	avatar VARCHAR(200), 
	pair VARCHAR(130), 
	version BIGINT NOT NULL, 
	members_version BIGINT NOT NULL, 
	last_seq BIGINT NOT NULL, 
	created_at BIGINT NOT NULL, 
	changed_at BIGINT NOT NULL, history VARCHAR(8) DEFAULT 'all' NOT NULL, epoch BIGINT DEFAULT '0' NOT NULL, epoch_base BIGINT DEFAULT '0' NOT NULL, earlier_epoch BIGINT DEFAULT '0' NOT NULL, description VARCHAR(500), posting VARCHAR(8) DEFAULT 'all' NOT NULL, reacting VARCHAR(8) DEFAULT 'all' NOT NULL, slow_seconds INTEGER DEFAULT '0' NOT NULL, retention_days INTEGER DEFAULT '0' NOT NULL, expire_seconds INTEGER DEFAULT '0' NOT NULL, retained_seq BIGINT DEFAULT '0' NOT NULL, filter_words TEXT, change_number BIGINT DEFAULT '0' NOT NULL, bots INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_conversations PRIMARY KEY (id), 
	CONSTRAINT uq_conversations_pair UNIQUE (pair)
)
 WITHOUT ROWID

;
CREATE TABLE jobs (
	id INTEGER NOT NULL, 
	kind VARCHAR(64) NOT NULL, 
	payload TEXT NOT NULL, 
	run_at BIGINT NOT NULL, 
	attempts INTEGER NOT NULL, 
	created_at BIGINT NOT NULL, 
	last_error TEXT, 
	CONSTRAINT pk_jobs PRIMARY KEY (id)
);
CREATE INDEX ix_jobs_run_at ON jobs (run_at);
CREATE TABLE sign_in_failures (
	"key" VARCHAR(300) NOT NULL, 
	failures INTEGER NOT NULL, 
	first_at BIGINT NOT NULL, 
	blocked_until BIGINT NOT NULL, 
	CONSTRAINT pk_sign_in_failures PRIMARY KEY ("key")
);
CREATE INDEX ix_sign_in_failures_blocked_until ON sign_in_failures (blocked_until);
CREATE TABLE users (
	id VARCHAR(64) NOT NULL, 
	email VARCHAR(254), 
	name VARCHAR(80) NOT NULL, 
	about VARCHAR(500) NOT NULL, 
	avatar VARCHAR(200), 
	role VARCHAR(16) NOT NULL, 
	password TEXT, 
	settings TEXT NOT NULL, 
	created_at BIGINT NOT NULL, 
	closed_at BIGINT, status_emoji VARCHAR(32), status_text VARCHAR(100), status_until BIGINT, last_seen BIGINT, second_factor_at BIGINT, suspended_until BIGINT, suspension_reason VARCHAR(500), email_confirmed_at BIGINT, kind VARCHAR(8) DEFAULT 'person' NOT NULL, 
	CONSTRAINT pk_users PRIMARY KEY (id), 
	CONSTRAINT uq_users_email UNIQUE (email)
);
CREATE TABLE blocks (
	user_id VARCHAR(64) NOT NULL, 
	blocked_id VARCHAR(64) NOT NULL, 
	created_at BIGINT NOT NULL, name VARCHAR(80), 
	CONSTRAINT pk_blocks PRIMARY KEY (user_id, blocked_id), 
	CONSTRAINT fk_blocks_blocked_id_users FOREIGN KEY(blocked_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT fk_blocks_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX ix_blocks_blocked_id ON blocks (blocked_id);
CREATE TABLE contacts (
	user_id VARCHAR(64) NOT NULL, 
	contact_id VARCHAR(64) NOT NULL, 
	email VARCHAR(254), 
	created_at BIGINT NOT NULL, 
	CONSTRAINT pk_contacts PRIMARY KEY (user_id, contact_id), 
	CONSTRAINT fk_contacts_contact_id_users FOREIGN KEY(contact_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT fk_contacts_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX ix_contacts_contact_id ON contacts (contact_id);
CREATE TABLE members (
	conversation_id VARCHAR(64) NOT NULL, 
	user_id VARCHAR(64) NOT NULL, 
	role VARCHAR(8) NOT NULL, 
	"left" BOOLEAN NOT NULL, 
	version BIGINT NOT NULL, 
	joined_seq BIGINT NOT NULL, 
	read_seq BIGINT NOT NULL, 
	delivered_seq BIGINT NOT NULL, 
	muted BOOLEAN NOT NULL, 
	pinned BOOLEAN NOT NULL, 
	archived BOOLEAN NOT NULL, 
	draft TEXT, seen_seq BIGINT DEFAULT '0' NOT NULL, notify VARCHAR(8) DEFAULT 'default' NOT NULL, muted_until BIGINT, marked_unread BOOLEAN DEFAULT 0 NOT NULL, joined_at BIGINT DEFAULT '0' NOT NULL, longer_draft BOOLEAN DEFAULT 0 NOT NULL, cleared_seq BIGINT DEFAULT '0' NOT NULL, cleared_before BIGINT DEFAULT '0' NOT NULL, cleared_at BIGINT, clear_version BIGINT DEFAULT '0' NOT NULL, dropped BOOLEAN DEFAULT 0 NOT NULL, posted_at BIGINT, bot BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_members PRIMARY KEY (conversation_id, user_id), 
	CONSTRAINT fk_members_conversation_id_conversations FOREIGN KEY(conversation_id) REFERENCES conversations (id), 
	CONSTRAINT fk_members_user_id_users FOREIGN KEY(user_id) REFERENCES users (id)
)
 WITHOUT ROWID

;
CREATE INDEX ix_members_user_id ON members (user_id);
CREATE TABLE messages (
	id INTEGER NOT NULL, 
	conversation_id VARCHAR(64) NOT NULL, 
	seq BIGINT NOT NULL, 
	version BIGINT NOT NULL, 
	author_id VARCHAR(64) NOT NULL, 
	"key" VARCHAR(64) NOT NULL, 
	body TEXT NOT NULL, 
	created_at BIGINT NOT NULL, 
	edited_at BIGINT, 
	deleted BOOLEAN NOT NULL, 
	reply_to BIGINT, 
	system TEXT, 
	files INTEGER NOT NULL, forwarded BOOLEAN DEFAULT 0 NOT NULL, mentions TEXT, mentions_all BOOLEAN DEFAULT 0 NOT NULL, reactions TEXT, pinned_at BIGINT, pinned_by VARCHAR(64), preview TEXT, expires_at BIGINT, automated BOOLEAN DEFAULT 0 NOT NULL, parts TEXT, 
	CONSTRAINT pk_messages PRIMARY KEY (id), 
	CONSTRAINT fk_messages_author_id_users FOREIGN KEY(author_id) REFERENCES users (id), 
	CONSTRAINT fk_messages_conversation_id_conversations FOREIGN KEY(conversation_id) REFERENCES conversations (id), 
	CONSTRAINT uq_messages_author_id_conversation_id_key UNIQUE (author_id, conversation_id, "key"), 
	CONSTRAINT uq_messages_conversation_id_seq UNIQUE (conversation_id, seq)
);
CREATE INDEX ix_messages_changed ON messages (conversation_id, version) WHERE version <> seq;
CREATE TABLE sessions (
	id VARCHAR(64) NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	user_id VARCHAR(64) NOT NULL, 
	kind VARCHAR(8) NOT NULL, 
	device VARCHAR(200) NOT NULL, 
	address VARCHAR(64) NOT NULL, 
	created_at BIGINT NOT NULL, 
	used_at BIGINT NOT NULL, proved_at BIGINT DEFAULT '0' NOT NULL, second_factor_at BIGINT, 
	CONSTRAINT pk_sessions PRIMARY KEY (id), 
	CONSTRAINT fk_sessions_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT uq_sessions_token_hash UNIQUE (token_hash)
);
CREATE INDEX ix_sessions_user_id ON sessions (user_id);
CREATE TABLE attachments (
	id VARCHAR(64) NOT NULL, 
	owner_id VARCHAR(64) NOT NULL, 
	conversation_id VARCHAR(64), 
	seq BIGINT, 
	position INTEGER, 
	name VARCHAR(255) NOT NULL, 
	type VARCHAR(100) NOT NULL, 
	size BIGINT NOT NULL, 
	width INTEGER, 
	height INTEGER, 
	thumbnail BOOLEAN NOT NULL, 
	created_at BIGINT NOT NULL, stored VARCHAR(64), duration INTEGER, waveform VARCHAR(128), animated BOOLEAN, ground VARCHAR(10), charged_to VARCHAR(64), 
	CONSTRAINT pk_attachments PRIMARY KEY (id), 
	CONSTRAINT fk_attachments_conversation_id_messages FOREIGN KEY(conversation_id, seq) REFERENCES messages (conversation_id, seq), 
	CONSTRAINT fk_attachments_owner_id_users FOREIGN KEY(owner_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX ix_attachments_conversation_id_seq ON attachments (conversation_id, seq);
CREATE INDEX ix_attachments_created_at ON attachments (created_at);
CREATE INDEX ix_attachments_owner_id ON attachments (owner_id);
CREATE TABLE avatars (
	id VARCHAR(64) NOT NULL, 
	user_id VARCHAR(64), 
	conversation_id VARCHAR(64), 
	created_at BIGINT NOT NULL, 
	CONSTRAINT pk_avatars PRIMARY KEY (id), 
	CONSTRAINT fk_avatars_conversation_id_conversations FOREIGN KEY(conversation_id) REFERENCES conversations (id), 
	CONSTRAINT fk_avatars_user_id_users FOREIGN KEY(user_id) REFERENCES users (id)
);
CREATE INDEX ix_avatars_conversation_id ON avatars (conversation_id);
CREATE INDEX ix_avatars_user_id ON avatars (user_id);
CREATE TABLE hidden_messages (
	id INTEGER NOT NULL, 
	user_id VARCHAR(64) NOT NULL, 
	conversation_id VARCHAR(64) NOT NULL, 
	seq BIGINT NOT NULL, hidden_at BIGINT DEFAULT '0' NOT NULL, restored BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_hidden_messages PRIMARY KEY (id), 
	CONSTRAINT fk_hidden_messages_conversation_id_conversations FOREIGN KEY(conversation_id) REFERENCES conversations (id), 
	CONSTRAINT fk_hidden_messages_user_id_users FOREIGN KEY(user_id) REFERENCES users (id), 
	CONSTRAINT uq_hidden_messages_user_id_conversation_id_seq UNIQUE (user_id, conversation_id, seq)
);
CREATE TABLE removed_members (
	conversation_id VARCHAR(64) NOT NULL, 
	user_id VARCHAR(64) NOT NULL, 
	removed_at BIGINT NOT NULL, banned BOOLEAN DEFAULT 0 NOT NULL, removed_by VARCHAR(64), 
	CONSTRAINT pk_removed_members PRIMARY KEY (conversation_id, user_id), 
	CONSTRAINT fk_removed_members_conversation_id_conversations FOREIGN KEY(conversation_id) REFERENCES conversations (id), 
	CONSTRAINT fk_removed_members_user_id_users FOREIGN KEY(user_id) REFERENCES users (id)
);
CREATE TABLE mentions (
	conversation_id VARCHAR(64) NOT NULL, 
	seq BIGINT NOT NULL, 
	user_id VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_mentions PRIMARY KEY (conversation_id, seq, user_id), 
	CONSTRAINT fk_mentions_conversation_id_conversations FOREIGN KEY(conversation_id) REFERENCES conversations (id), 
	CONSTRAINT fk_mentions_user_id_users FOREIGN KEY(user_id) REFERENCES users (id)
)
 WITHOUT ROWID

;
CREATE TABLE message_versions (
	conversation_id VARCHAR(64) NOT NULL, 
	seq BIGINT NOT NULL, 
	number INTEGER NOT NULL, 
	body TEXT NOT NULL, 
	created_at BIGINT NOT NULL, 
	CONSTRAINT pk_message_versions PRIMARY KEY (conversation_id, seq, number), 
	CONSTRAINT fk_message_versions_conversation_id_conversations FOREIGN KEY(conversation_id) REFERENCES conversations (id)
);
CREATE TABLE notices (
	user_id VARCHAR(64) NOT NULL, 
	conversation_id VARCHAR(64) NOT NULL, 
	seq BIGINT NOT NULL, 
	outcome VARCHAR(32) NOT NULL, 
	created_at BIGINT NOT NULL, 
	CONSTRAINT pk_notices PRIMARY KEY (user_id, conversation_id, seq), 
	CONSTRAINT fk_notices_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
CREATE INDEX ix_notices_created_at ON notices (created_at);
CREATE TABLE preview_images (
	id VARCHAR(64) NOT NULL, 
	conversation_id VARCHAR(64) NOT NULL, 
	seq BIGINT NOT NULL, 
	created_at BIGINT NOT NULL, 
	CONSTRAINT pk_preview_images PRIMARY KEY (id), 
	CONSTRAINT fk_preview_images_conversation_id_conversations FOREIGN KEY(conversation_id) REFERENCES conversations (id)
);
CREATE INDEX ix_preview_images_conversation_id_seq ON preview_images (conversation_id, seq);
CREATE TABLE reports (
	id VARCHAR(64) NOT NULL, 
	reporter_id VARCHAR(64) NOT NULL, 
	user_id VARCHAR(64) NOT NULL, 
	conversation_id VARCHAR(64), 
	seq BIGINT, 
	reason VARCHAR(32) NOT NULL, 
	text TEXT NOT NULL, 
	created_at BIGINT NOT NULL, decided_at BIGINT, decided_by VARCHAR(64), decision VARCHAR(16), decision_reason VARCHAR(500), suspended_until BIGINT, 
	CONSTRAINT pk_reports PRIMARY KEY (id), 
	CONSTRAINT fk_reports_reporter_id_users FOREIGN KEY(reporter_id) REFERENCES users (id), 
	CONSTRAINT fk_reports_user_id_users FOREIGN KEY(user_id) REFERENCES users (id)
);
CREATE INDEX ix_reports_reporter_id ON reports (reporter_id);
CREATE INDEX ix_reports_user_id ON reports (user_id);
CREATE TABLE saved_messages (
	user_id VARCHAR(64) NOT NULL, 
	conversation_id VARCHAR(64) NOT NULL, 
	seq BIGINT NOT NULL, 
	saved_at BIGINT NOT NULL, 
	CONSTRAINT pk_saved_messages PRIMARY KEY (user_id, conversation_id, seq), 
	CONSTRAINT fk_saved_messages_conversation_id_conversations FOREIGN KEY(conversation_id) REFERENCES conversations (id), 
	CONSTRAINT fk_saved_messages_user_id_users FOREIGN KEY(user_id) REFERENCES users (id)
)
 WITHOUT ROWID

;
CREATE INDEX ix_saved_messages_conversation_id_seq ON saved_messages (conversation_id, seq);
CREATE TABLE push_subscriptions (
	id VARCHAR(64) NOT NULL, 
	user_id VARCHAR(64) NOT NULL, 
	session_id VARCHAR(64) NOT NULL, 
	endpoint VARCHAR(1000) NOT NULL, 
	p256dh VARCHAR(200) NOT NULL, 
	auth VARCHAR(100) NOT NULL, 
	created_at BIGINT NOT NULL, 
	CONSTRAINT pk_push_subscriptions PRIMARY KEY (id), 
	CONSTRAINT fk_push_subscriptions_session_id_sessions FOREIGN KEY(session_id) REFERENCES sessions (id) ON DELETE CASCADE, 
	CONSTRAINT fk_push_subscriptions_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT uq_push_subscriptions_endpoint UNIQUE (endpoint)
);
CREATE INDEX ix_push_subscriptions_session_id ON push_subscriptions (session_id);
CREATE INDEX ix_push_subscriptions_user_id ON push_subscriptions (user_id);
CREATE INDEX ix_attachments_stored ON attachments (stored);
CREATE INDEX ix_messages_pinned ON messages (conversation_id, pinned_at) WHERE pinned_at IS NOT NULL;
CREATE TABLE search_texts (
	id INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	CONSTRAINT pk_search_texts PRIMARY KEY (id), 
	CONSTRAINT fk_search_texts_id_messages FOREIGN KEY(id) REFERENCES messages (id)
);
CREATE TABLE search_progress (
	id BIGINT NOT NULL, 
	done BIGINT NOT NULL, 
	safe BIGINT NOT NULL, 
	seen BIGINT NOT NULL, 
	horizon BIGINT, 
	removed BIGINT NOT NULL, purged BIGINT DEFAULT '0' NOT NULL, folding BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_search_progress PRIMARY KEY (id)
);
CREATE VIRTUAL TABLE search_index USING fts5(text, content='search_texts', content_rowid='id', tokenize='trigram case_sensitive 1', detail=none, columnsize=0);
CREATE INDEX ix_mentions_user_id_conversation_id_seq ON mentions (user_id, conversation_id, seq);
CREATE INDEX ix_saved_messages_user_id_saved_at ON saved_messages (user_id, saved_at);
CREATE INDEX ix_messages_for_everybody ON messages (conversation_id, seq) WHERE mentions_all;
CREATE TABLE "contact_requests" (
	id VARCHAR(64) NOT NULL, 
	from_user VARCHAR(64) NOT NULL, 
	to_email VARCHAR(254), 
	created_at BIGINT NOT NULL, 
	to_user VARCHAR(64), 
	body TEXT, 
	declined_at BIGINT, 
	CONSTRAINT pk_contact_requests PRIMARY KEY (id), 
	CONSTRAINT uq_contact_requests_from_user_to_email UNIQUE (from_user, to_email), 
	CONSTRAINT fk_contact_requests_from_user_users FOREIGN KEY(from_user) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT fk_contact_requests_to_user_users FOREIGN KEY(to_user) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT uq_contact_requests_from_user_to_user UNIQUE (from_user, to_user)
);
CREATE INDEX ix_contact_requests_to_email ON contact_requests (to_email);
CREATE INDEX ix_contact_requests_to_user ON contact_requests (to_user);
CREATE TABLE epochs (
	number INTEGER NOT NULL, 
	id VARCHAR(64) NOT NULL, 
	started_at BIGINT NOT NULL, seen_at BIGINT DEFAULT '0' NOT NULL, timeline VARCHAR(64) DEFAULT '' NOT NULL, keys VARCHAR(64) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_epochs PRIMARY KEY (number), 
	CONSTRAINT uq_epochs_id UNIQUE (id)
);
CREATE TABLE "invites" (
	id VARCHAR(64) NOT NULL, 
	conversation_id VARCHAR(64), 
	token_hash VARCHAR(64) NOT NULL, 
	created_by VARCHAR(64) NOT NULL, 
	created_at BIGINT NOT NULL, 
	expires_at BIGINT, 
	max_uses INTEGER, 
	uses INTEGER NOT NULL, 
	revoked_at BIGINT, 
	CONSTRAINT pk_invites PRIMARY KEY (id), 
	CONSTRAINT fk_invites_conversation_id_conversations FOREIGN KEY(conversation_id) REFERENCES conversations (id), 
	CONSTRAINT uq_invites_token_hash UNIQUE (token_hash), 
	CONSTRAINT fk_invites_created_by_users FOREIGN KEY(created_by) REFERENCES users (id)
);
CREATE INDEX ix_invites_conversation_id ON invites (conversation_id);
CREATE INDEX ix_invites_created_by ON invites (created_by);
CREATE TABLE past_contacts (
	user_id VARCHAR(64) NOT NULL, 
	contact_id VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_past_contacts PRIMARY KEY (user_id, contact_id), 
	CONSTRAINT fk_past_contacts_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT fk_past_contacts_contact_id_users FOREIGN KEY(contact_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX ix_past_contacts_contact_id ON past_contacts (contact_id);
CREATE TABLE write_probe (
	id INTEGER NOT NULL, 
	filling TEXT NOT NULL, 
	CONSTRAINT pk_write_probe PRIMARY KEY (id)
);
CREATE TABLE directory (
	user_id VARCHAR(64) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	listed BOOLEAN NOT NULL, 
	folding BIGINT NOT NULL, 
	CONSTRAINT pk_directory PRIMARY KEY (user_id), 
	CONSTRAINT fk_directory_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX ix_directory_listed_name_user_id ON directory (listed, name, user_id);
CREATE TABLE directory_words (
	user_id VARCHAR(64) NOT NULL, 
	word VARCHAR(64) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	CONSTRAINT pk_directory_words PRIMARY KEY (user_id, word), 
	CONSTRAINT fk_directory_words_user_id_directory FOREIGN KEY(user_id) REFERENCES directory (user_id) ON DELETE CASCADE
);
CREATE INDEX ix_directory_words_word_name_user_id ON directory_words (word, name, user_id);
CREATE TABLE audit_log (
	number BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	actor VARCHAR(64) NOT NULL, 
	action VARCHAR(64) NOT NULL, 
	target VARCHAR(64), 
	details TEXT NOT NULL, 
	address_hash VARCHAR(64), 
	address VARCHAR(64), 
	address_salt VARCHAR(64), 
	hash VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_audit_log PRIMARY KEY (number)
);
CREATE INDEX ix_audit_log_actor_number ON audit_log (actor, number);
CREATE INDEX ix_audit_log_target_number ON audit_log (target, number);
CREATE TABLE audit_head (
	id INTEGER NOT NULL, 
	number BIGINT NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_audit_head PRIMARY KEY (id)
);
CREATE TABLE totp_secrets (
	user_id VARCHAR(64) NOT NULL, 
	secret TEXT, 
	offered TEXT, 
	last_step BIGINT NOT NULL, 
	confirmed_at BIGINT, 
	CONSTRAINT pk_totp_secrets PRIMARY KEY (user_id), 
	CONSTRAINT fk_totp_secrets_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE TABLE recovery_codes (
	user_id VARCHAR(64) NOT NULL, 
	code_hash VARCHAR(64) NOT NULL, 
	used_at BIGINT, 
	CONSTRAINT pk_recovery_codes PRIMARY KEY (user_id, code_hash), 
	CONSTRAINT fk_recovery_codes_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE TABLE pending_sign_ins (
	token_hash VARCHAR(64) NOT NULL, 
	user_id VARCHAR(64) NOT NULL, 
	password_hash VARCHAR(64) NOT NULL, 
	kind VARCHAR(8) NOT NULL, 
	expires_at BIGINT NOT NULL, 
	CONSTRAINT pk_pending_sign_ins PRIMARY KEY (token_hash), 
	CONSTRAINT fk_pending_sign_ins_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE TABLE remembered_devices (
	id VARCHAR(64) NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	user_id VARCHAR(64) NOT NULL, 
	device VARCHAR(200) NOT NULL, 
	address VARCHAR(64) NOT NULL, 
	created_at BIGINT NOT NULL, 
	expires_at BIGINT NOT NULL, 
	CONSTRAINT pk_remembered_devices PRIMARY KEY (id), 
	CONSTRAINT fk_remembered_devices_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT uq_remembered_devices_token_hash UNIQUE (token_hash)
);
CREATE TABLE passkeys (
	id VARCHAR(64) NOT NULL, 
	credential VARCHAR(1400) NOT NULL, 
	user_id VARCHAR(64) NOT NULL, 
	public_key TEXT NOT NULL, 
	sign_count BIGINT NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	transports VARCHAR(200) NOT NULL, 
	host VARCHAR(255) NOT NULL, 
	backed_up BOOLEAN NOT NULL, 
	created_at BIGINT NOT NULL, 
	used_at BIGINT, 
	CONSTRAINT pk_passkeys PRIMARY KEY (id), 
	CONSTRAINT fk_passkeys_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT uq_passkeys_credential UNIQUE (credential)
);
CREATE TABLE passkey_challenges (
	challenge_hash VARCHAR(64) NOT NULL, 
	purpose VARCHAR(16) NOT NULL, 
	subject VARCHAR(64) NOT NULL, 
	expires_at BIGINT NOT NULL, 
	CONSTRAINT pk_passkey_challenges PRIMARY KEY (challenge_hash)
);
CREATE INDEX ix_pending_sign_ins_user_id ON pending_sign_ins (user_id);
CREATE INDEX ix_remembered_devices_user_id ON remembered_devices (user_id);
CREATE INDEX ix_passkeys_user_id ON passkeys (user_id);
CREATE INDEX ix_pending_sign_ins_expires_at ON pending_sign_ins (expires_at);
CREATE INDEX ix_passkey_challenges_expires_at ON passkey_challenges (expires_at);
CREATE TABLE one_time_links (
	token_hash VARCHAR(64) NOT NULL, 
	purpose VARCHAR(16) NOT NULL, 
	user_id VARCHAR(64) NOT NULL, 
	email VARCHAR(254), 
	credentials VARCHAR(64) NOT NULL, 
	created_at BIGINT NOT NULL, 
	expires_at BIGINT NOT NULL, 
	used_at BIGINT, 
	CONSTRAINT pk_one_time_links PRIMARY KEY (token_hash), 
	CONSTRAINT fk_one_time_links_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX ix_one_time_links_user_id ON one_time_links (user_id);
CREATE INDEX ix_one_time_links_expires_at ON one_time_links (expires_at);
CREATE TABLE server_invites (
	id VARCHAR(64) NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	created_by VARCHAR(64), 
	created_at BIGINT NOT NULL, 
	expires_at BIGINT, 
	max_uses INTEGER, 
	uses INTEGER NOT NULL, 
	role VARCHAR(16) NOT NULL, 
	contact BOOLEAN NOT NULL, 
	groups TEXT NOT NULL, 
	email VARCHAR(254), 
	revoked_at BIGINT, 
	CONSTRAINT pk_server_invites PRIMARY KEY (id), 
	CONSTRAINT fk_server_invites_created_by_users FOREIGN KEY(created_by) REFERENCES users (id), 
	CONSTRAINT uq_server_invites_token_hash UNIQUE (token_hash)
);
CREATE INDEX ix_server_invites_created_by ON server_invites (created_by);
CREATE TABLE waiting_registrations (
	id VARCHAR(64) NOT NULL, 
	email VARCHAR(254) NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	password TEXT NOT NULL, 
	created_at BIGINT NOT NULL, 
	CONSTRAINT pk_waiting_registrations PRIMARY KEY (id), 
	CONSTRAINT uq_waiting_registrations_email UNIQUE (email)
);
CREATE INDEX ix_reports_decided_at ON reports (decided_at);
CREATE TABLE security_events (
	id VARCHAR(64) NOT NULL, 
	user_id VARCHAR(64) NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	device VARCHAR(200) NOT NULL, 
	address VARCHAR(64) NOT NULL, 
	actor_id VARCHAR(64), 
	created_at BIGINT NOT NULL, 
	CONSTRAINT pk_security_events PRIMARY KEY (id), 
	CONSTRAINT fk_security_events_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX ix_security_events_user_id_created_at ON security_events (user_id, created_at);
CREATE TABLE kept_registration_mode (
	mode VARCHAR(16) NOT NULL, 
	CONSTRAINT pk_kept_registration_mode PRIMARY KEY (mode)
);
CREATE TABLE "idempotency_keys" (
	user_id VARCHAR(64) NOT NULL, 
	call VARCHAR(200) NOT NULL, 
	key_hash VARCHAR(64) NOT NULL, 
	made TEXT NOT NULL, 
	created_at BIGINT NOT NULL, 
	CONSTRAINT pk_idempotency_keys PRIMARY KEY (user_id, call, key_hash)
);
CREATE INDEX ix_idempotency_keys_created_at ON idempotency_keys (created_at);
CREATE TABLE openid_identities (
	id VARCHAR(64) NOT NULL, 
	issuer VARCHAR(500) NOT NULL, 
	subject VARCHAR(255) NOT NULL, 
	user_id VARCHAR(64), 
	waiting VARCHAR(64), 
	created_at BIGINT NOT NULL, 
	used_at BIGINT NOT NULL, 
	CONSTRAINT pk_openid_identities PRIMARY KEY (id), 
	CONSTRAINT fk_openid_identities_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT uq_openid_identities_waiting UNIQUE (waiting), 
	CONSTRAINT uq_openid_identities_issuer_subject UNIQUE (issuer, subject)
);
CREATE INDEX ix_openid_identities_user_id ON openid_identities (user_id);
CREATE TABLE openid_sessions (
	session_id VARCHAR(64) NOT NULL, 
	user_id VARCHAR(64) NOT NULL, 
	issuer VARCHAR(500) NOT NULL, 
	subject VARCHAR(255) NOT NULL, 
	sid VARCHAR(255), 
	CONSTRAINT pk_openid_sessions PRIMARY KEY (session_id), 
	CONSTRAINT fk_openid_sessions_session_id_sessions FOREIGN KEY(session_id) REFERENCES sessions (id) ON DELETE CASCADE
);
CREATE INDEX ix_openid_sessions_issuer_subject ON openid_sessions (issuer, subject);
CREATE TABLE openid_pending (
	token_hash VARCHAR(64) NOT NULL, 
	issuer VARCHAR(500) NOT NULL, 
	subject VARCHAR(255) NOT NULL, 
	sid VARCHAR(255), 
	ended_at BIGINT, 
	expires_at BIGINT NOT NULL, 
	CONSTRAINT pk_openid_pending PRIMARY KEY (token_hash)
);
CREATE INDEX ix_openid_pending_expires_at ON openid_pending (expires_at);
CREATE TABLE openid_used_tokens (
	token_hash VARCHAR(64) NOT NULL, 
	expires_at BIGINT NOT NULL, 
	CONSTRAINT pk_openid_used_tokens PRIMARY KEY (token_hash)
);
CREATE INDEX ix_openid_used_tokens_expires_at ON openid_used_tokens (expires_at);
CREATE INDEX ix_messages_expiring ON messages (expires_at) WHERE expires_at > 0;
CREATE TABLE clock_shifts (
	up_to BIGINT NOT NULL, 
	shifted_by BIGINT NOT NULL
);
CREATE TABLE held_messages (
	id VARCHAR(64) NOT NULL, 
	conversation_id VARCHAR(64) NOT NULL, 
	author_id VARCHAR(64) NOT NULL, 
	"key" VARCHAR(64) NOT NULL, 
	body TEXT NOT NULL, 
	reply_to BIGINT, 
	attachments TEXT NOT NULL, 
	edits BIGINT, 
	created_at BIGINT NOT NULL, 
	reason TEXT, expires_at BIGINT, parts TEXT, 
	CONSTRAINT pk_held_messages PRIMARY KEY (id), 
	CONSTRAINT fk_held_messages_conversation_id_conversations FOREIGN KEY(conversation_id) REFERENCES conversations (id), 
	CONSTRAINT fk_held_messages_author_id_users FOREIGN KEY(author_id) REFERENCES users (id), 
	CONSTRAINT uq_held_messages_author_id_conversation_id_key UNIQUE (author_id, conversation_id, "key")
);
CREATE INDEX ix_held_messages_conversation_id_created_at ON held_messages (conversation_id, created_at);
CREATE TABLE server_settings (
	name VARCHAR(64) NOT NULL, 
	value TEXT NOT NULL, 
	changed_at BIGINT NOT NULL, 
	CONSTRAINT pk_server_settings PRIMARY KEY (name)
);
CREATE TABLE announcements (
	id VARCHAR(64) NOT NULL, 
	author VARCHAR(64) NOT NULL, 
	severity VARCHAR(16) NOT NULL, 
	text TEXT NOT NULL, 
	created_at BIGINT NOT NULL, 
	changed_at BIGINT NOT NULL, 
	ends_at BIGINT, 
	withdrawn_at BIGINT, 
	mails BOOLEAN NOT NULL, 
	mailed INTEGER NOT NULL, 
	mailed_to VARCHAR(64) NOT NULL, 
	mail_batch INTEGER, for_user VARCHAR(64), 
	CONSTRAINT pk_announcements PRIMARY KEY (id)
);
CREATE INDEX ix_announcements_created_at ON announcements (created_at);
CREATE TABLE dismissed_announcements (
	announcement_id VARCHAR(64) NOT NULL, 
	user_id VARCHAR(64) NOT NULL, 
	at BIGINT NOT NULL, 
	CONSTRAINT pk_dismissed_announcements PRIMARY KEY (announcement_id, user_id), 
	CONSTRAINT fk_dismissed_announcements_announcement_id_announcements FOREIGN KEY(announcement_id) REFERENCES announcements (id) ON DELETE CASCADE, 
	CONSTRAINT fk_dismissed_announcements_user_id_users FOREIGN KEY(user_id) REFERENCES users (id)
);
CREATE INDEX ix_dismissed_announcements_user_id ON dismissed_announcements (user_id);
CREATE INDEX ix_users_role ON users (role);
CREATE TABLE data_exports (
	user_id VARCHAR(64) NOT NULL, 
	id VARCHAR(64) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	requested_at BIGINT NOT NULL, 
	starts INTEGER NOT NULL, 
	size BIGINT, 
	expires_at BIGINT, 
	problem VARCHAR(16), 
	CONSTRAINT pk_data_exports PRIMARY KEY (user_id), 
	CONSTRAINT fk_data_exports_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT uq_data_exports_id UNIQUE (id)
);
CREATE INDEX ix_data_exports_expires_at ON data_exports (expires_at);
CREATE TABLE storage_quotas (
	user_id VARCHAR(64) NOT NULL, 
	bytes BIGINT NOT NULL, 
	CONSTRAINT pk_storage_quotas PRIMARY KEY (user_id), 
	CONSTRAINT fk_storage_quotas_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX ix_announcements_for_user ON announcements (for_user);
CREATE TABLE webhooks (
	id VARCHAR(64) NOT NULL, 
	conversation_id VARCHAR(64) NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	created_by VARCHAR(64) NOT NULL, 
	created_at BIGINT NOT NULL, 
	last_used_at BIGINT, 
	revoked_at BIGINT, 
	CONSTRAINT pk_webhooks PRIMARY KEY (id), 
	CONSTRAINT fk_webhooks_id_users FOREIGN KEY(id) REFERENCES users (id), 
	CONSTRAINT fk_webhooks_conversation_id_conversations FOREIGN KEY(conversation_id) REFERENCES conversations (id), 
	CONSTRAINT fk_webhooks_created_by_users FOREIGN KEY(created_by) REFERENCES users (id), 
	CONSTRAINT uq_webhooks_token_hash UNIQUE (token_hash)
);
CREATE INDEX ix_webhooks_conversation_id ON webhooks (conversation_id);
CREATE INDEX ix_webhooks_created_by ON webhooks (created_by);
CREATE TABLE api_keys (
	id VARCHAR(64) NOT NULL, 
	user_id VARCHAR(64) NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	prefix VARCHAR(16) NOT NULL, 
	key_hash VARCHAR(64) NOT NULL, 
	scopes VARCHAR(200) NOT NULL, 
	created_at BIGINT NOT NULL, 
	expires_at BIGINT, 
	last_used_at BIGINT, 
	CONSTRAINT pk_api_keys PRIMARY KEY (id), 
	CONSTRAINT fk_api_keys_user_id_users FOREIGN KEY(user_id) REFERENCES users (id), 
	CONSTRAINT uq_api_keys_key_hash UNIQUE (key_hash)
);
CREATE INDEX ix_api_keys_user_id ON api_keys (user_id);
CREATE INDEX ix_conversations_change_number ON conversations (change_number) WHERE change_number > 0;
CREATE TABLE bots (
	id VARCHAR(64) NOT NULL, 
	owner_id VARCHAR(64) NOT NULL, 
	created_at BIGINT NOT NULL, 
	disabled_at BIGINT, 
	hear_bots BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_bots PRIMARY KEY (id), 
	CONSTRAINT fk_bots_id_users FOREIGN KEY(id) REFERENCES users (id), 
	CONSTRAINT fk_bots_owner_id_users FOREIGN KEY(owner_id) REFERENCES users (id)
);
CREATE INDEX ix_bots_owner_id ON bots (owner_id);
CREATE TABLE addressed_messages (
	user_id VARCHAR(64) NOT NULL, 
	conversation_id VARCHAR(64) NOT NULL, 
	seq BIGINT NOT NULL, 
	CONSTRAINT pk_addressed_messages PRIMARY KEY (user_id, conversation_id, seq), 
	CONSTRAINT fk_addressed_messages_user_id_users FOREIGN KEY(user_id) REFERENCES users (id), 
	CONSTRAINT fk_addressed_messages_conversation_id_conversations FOREIGN KEY(conversation_id) REFERENCES conversations (id)
)
 WITHOUT ROWID

;
CREATE INDEX ix_addressed_messages_conversation_id_seq ON addressed_messages (conversation_id, seq);
CREATE TABLE bot_events (
	id INTEGER NOT NULL, 
	txid BIGINT NOT NULL, 
	bot_id VARCHAR(64) NOT NULL, 
	conversation_id VARCHAR(64) NOT NULL, 
	type VARCHAR(20) NOT NULL, 
	at BIGINT NOT NULL, 
	seq BIGINT, 
	user_id VARCHAR(64), 
	emoji VARCHAR(32), 
	chain INTEGER NOT NULL, interaction_id VARCHAR(64), 
	CONSTRAINT pk_bot_events PRIMARY KEY (id), 
	CONSTRAINT fk_bot_events_bot_id_users FOREIGN KEY(bot_id) REFERENCES users (id), 
	CONSTRAINT fk_bot_events_conversation_id_conversations FOREIGN KEY(conversation_id) REFERENCES conversations (id)
);
CREATE INDEX ix_bot_events_bot_id ON bot_events (bot_id, txid, id);
CREATE INDEX ix_bot_events_last ON bot_events (bot_id, conversation_id, type, id);
CREATE INDEX ix_bot_events_at ON bot_events (at);
CREATE TABLE bot_events_log (
	id BIGINT NOT NULL, 
	name VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_bot_events_log PRIMARY KEY (id)
);
CREATE TABLE imported_people (
	source VARCHAR(200) NOT NULL, 
	person VARCHAR(200) NOT NULL, 
	user_id VARCHAR(64) NOT NULL, 
	email VARCHAR(254), 
	placeholder BOOLEAN NOT NULL, 
	CONSTRAINT pk_imported_people PRIMARY KEY (source, person), 
	CONSTRAINT fk_imported_people_user_id_users FOREIGN KEY(user_id) REFERENCES users (id)
);
CREATE INDEX ix_imported_people_user_id ON imported_people (user_id);
CREATE INDEX ix_imported_people_email ON imported_people (email);
CREATE TABLE imported_conversations (
	source VARCHAR(200) NOT NULL, 
	conversation VARCHAR(200) NOT NULL, 
	conversation_id VARCHAR(64) NOT NULL, 
	kind VARCHAR(8) NOT NULL, 
	last_seq BIGINT NOT NULL, 
	finished BOOLEAN NOT NULL, 
	CONSTRAINT pk_imported_conversations PRIMARY KEY (source, conversation), 
	CONSTRAINT uq_imported_conversations_conversation_id UNIQUE (conversation_id), 
	CONSTRAINT fk_imported_conversations_conversation_id_conversations FOREIGN KEY(conversation_id) REFERENCES conversations (id)
);
CREATE TABLE imported_members (
	conversation_id VARCHAR(64) NOT NULL, 
	user_id VARCHAR(64) NOT NULL, 
	role VARCHAR(8) NOT NULL, 
	CONSTRAINT pk_imported_members PRIMARY KEY (conversation_id, user_id), 
	CONSTRAINT fk_imported_members_conversation_id_conversations FOREIGN KEY(conversation_id) REFERENCES conversations (id), 
	CONSTRAINT fk_imported_members_user_id_users FOREIGN KEY(user_id) REFERENCES users (id)
);
CREATE INDEX ix_imported_members_user_id ON imported_members (user_id);
CREATE TABLE imported_messages (
	conversation_id VARCHAR(64) NOT NULL, 
	message VARCHAR(200) NOT NULL, 
	seq BIGINT NOT NULL, 
	CONSTRAINT pk_imported_messages PRIMARY KEY (conversation_id, message), 
	CONSTRAINT fk_imported_messages_conversation_id_conversations FOREIGN KEY(conversation_id) REFERENCES conversations (id)
);
CREATE TABLE bot_endpoints (
	id VARCHAR(64) NOT NULL, 
	bot_id VARCHAR(64) NOT NULL, 
	url TEXT NOT NULL, 
	types VARCHAR(400) NOT NULL, 
	conversations TEXT NOT NULL, 
	created_at BIGINT NOT NULL, 
	secret TEXT NOT NULL, 
	previous_secret TEXT, 
	previous_until BIGINT, 
	log VARCHAR(64) NOT NULL, 
	txid BIGINT NOT NULL, 
	number BIGINT NOT NULL, 
	failing_since BIGINT, 
	paused_until BIGINT, 
	disabled_at BIGINT, 
	disabled_why VARCHAR(20), 
	due_at BIGINT, 
	turn INTEGER NOT NULL, 
	held BOOLEAN NOT NULL, 
	CONSTRAINT pk_bot_endpoints PRIMARY KEY (id), 
	CONSTRAINT fk_bot_endpoints_bot_id_users FOREIGN KEY(bot_id) REFERENCES users (id)
);
CREATE INDEX ix_bot_endpoints_bot_id ON bot_endpoints (bot_id);
CREATE INDEX ix_bot_endpoints_due_at ON bot_endpoints (due_at);
CREATE TABLE endpoint_deliveries (
	id VARCHAR(64) NOT NULL, 
	endpoint_id VARCHAR(64) NOT NULL, 
	event_id VARCHAR(64) NOT NULL, 
	txid BIGINT NOT NULL, 
	number BIGINT NOT NULL, 
	type VARCHAR(20) NOT NULL, 
	conversation_id VARCHAR(64), 
	created_at BIGINT NOT NULL, 
	state VARCHAR(12) NOT NULL, 
	attempts INTEGER NOT NULL, 
	tried_at BIGINT, 
	status INTEGER, 
	error VARCHAR(400) NOT NULL, 
	answer VARCHAR(400) NOT NULL, 
	duration INTEGER, 
	next_at BIGINT, 
	reply_seq BIGINT, 
	CONSTRAINT pk_endpoint_deliveries PRIMARY KEY (id)
);
CREATE INDEX ix_endpoint_deliveries_created_at ON endpoint_deliveries (created_at);
CREATE INDEX ix_endpoint_deliveries_next_at ON endpoint_deliveries (next_at);
CREATE UNIQUE INDEX ix_endpoint_deliveries_event ON endpoint_deliveries (endpoint_id, event_id);
CREATE INDEX ix_endpoint_deliveries_page ON endpoint_deliveries (endpoint_id, created_at, id);
CREATE INDEX ix_endpoint_deliveries_waiting ON endpoint_deliveries (endpoint_id, next_at);
CREATE TABLE bot_commands (
	bot_id VARCHAR(64) NOT NULL, 
	commands TEXT NOT NULL, 
	CONSTRAINT pk_bot_commands PRIMARY KEY (bot_id), 
	CONSTRAINT fk_bot_commands_bot_id_users FOREIGN KEY(bot_id) REFERENCES users (id)
);
CREATE TABLE bot_interactions (
	id VARCHAR(64) NOT NULL, 
	bot_id VARCHAR(64) NOT NULL, 
	conversation_id VARCHAR(64) NOT NULL, 
	user_id VARCHAR(64) NOT NULL, 
	name VARCHAR(64) NOT NULL, 
	text TEXT, 
	seq BIGINT, 
	"key" VARCHAR(64) NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	at BIGINT NOT NULL, 
	answers INTEGER NOT NULL, 
	CONSTRAINT pk_bot_interactions PRIMARY KEY (id), 
	CONSTRAINT uq_bot_interactions_token_hash UNIQUE (token_hash), 
	CONSTRAINT fk_bot_interactions_bot_id_users FOREIGN KEY(bot_id) REFERENCES users (id), 
	CONSTRAINT fk_bot_interactions_conversation_id_conversations FOREIGN KEY(conversation_id) REFERENCES conversations (id), 
	CONSTRAINT fk_bot_interactions_user_id_users FOREIGN KEY(user_id) REFERENCES users (id)
);
CREATE INDEX ix_bot_interactions_at ON bot_interactions (at);
CREATE INDEX ix_attachments_charged_to ON attachments (charged_to);
CREATE INDEX ix_imported_messages_seq ON imported_messages (conversation_id, seq);
INSERT INTO alembic_version VALUES ('0057')
