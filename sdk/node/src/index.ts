// Write bots for EchoSphere.

export type { File, PostOptions } from './api.js';
export { Bot, type BotOptions } from './bot.js';
export {
  ApiError,
  ConfigurationError,
  ConnectionFailedError,
  EchoSphereError,
  HeldError,
  UsageError,
} from './errors.js';
export type { CommandOptions, Handler } from './handlers.js';
export type { Level, Log } from './log.js';
export type { Retry } from './retry.js';
export { FileStorage, MemoryStorage, type Progress, type Storage } from './state.js';
export type {
  Action,
  AnswerOptions,
  CommandCall,
  Membership,
  Message,
  Reaction,
  ReceivedFile,
} from './things.js';
export type { Actions, Button, Event, User } from './wire.js';
export { VERSION } from './version.js';
