// The servers that journeys walk through: the binary as built. The demo company is made once; each file of journeys
// starts a server of its own on a copy, on a port that is free, so that no file sees what another did.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { kinds } from './api';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder with the demo company as it was made. */
    company: string;
  }
}

export interface Server {
  /** Where it is, e.g. http://127.0.0.1:41234. */
  address: string;
  stop: () => Promise<void>;
}

const binary = join(import.meta.dirname, '..', '..', '..', 'bin', 'tidewater');
/** Making the demo company takes most of it, longer on a busy machine. */
const patience = 300_000;

const newFolder = () => mkdtempSync(join(tmpdir(), 'tidewater-journeys-'));
const dropFolder = (folder: string) => rmSync(folder, { recursive: true, force: true });

/** Starts a server on a copy of the company. TIDEWATER_URL names one that runs already, for whoever works on a journey. */
export async function start(company: string): Promise<Server> {
  const running = process.env.TIDEWATER_URL;
  if (running) return { address: running.replace(/\/$/, ''), stop: async () => undefined };
  const folder = newFolder();
  cpSync(company, folder, { recursive: true });
  return serve(folder);
}

/** Serves what is in the folder, and the demo company where nothing is. The folder goes with the server. */
export async function serve(folder: string, keep = false): Promise<Server> {
  const child = spawn(binary, ['demo', '--addr', '127.0.0.1:0', '--data', folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = async () => {
    await ended(child);
    if (!keep) dropFolder(folder);
  };
  try {
    return { address: await ready(child), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Waits for the line that says where the server listens. */
function ready(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => reject(new Error(`${binary} was not ready in time:\n${said}`)), patience);
    const fail = (error: Error) => {
      clearTimeout(timer);
      reject(error);
    };
    child.once('error', fail);
    child.once('exit', (code) => fail(new Error(`${binary} ended with ${code}:\n${said}`)));
    child.stderr?.on('data', (text) => {
      said += text;
    });
    if (!child.stdout) return;
    createInterface(child.stdout).on('line', (line) => {
      said += `${line}\n`;
      const address = /ready on (http:\/\/\S+)/.exec(line)?.[1];
      if (!address) return;
      clearTimeout(timer);
      resolve(address);
    });
  });
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

export interface Project {
  provide: (key: 'company', value: string) => void;
}

/**
 * Makes the company for all files, with what is added to it through its server and with what its folder is stocked with
 * once that has ended; what it answers takes it away again. TIDEWATER_COMPANY names a folder to keep it in: what is
 * found there is not made again, for whoever runs them many times a day.
 */
export async function found(
  project: Project,
  add: (address: string) => Promise<void>,
  stock: (folder: string) => void = () => undefined,
): Promise<() => void> {
  const kept = process.env.TIDEWATER_COMPANY;
  const folder = kept ?? newFolder();
  // The last thing that is made: without it a company was broken off.
  const mark = join(folder, 'company-is-whole');
  if (!process.env.TIDEWATER_URL && !existsSync(mark)) {
    // Nothing that somebody may still want is taken away for it.
    if (kept && existsSync(kept) && readdirSync(kept).length) throw new Error(`${kept} holds something else`);
    await make(folder, add);
    stock(folder);
    writeFileSync(mark, '');
  }
  project.provide('company', folder);
  return () => {
    if (!kept) dropFolder(folder);
  };
}

async function make(folder: string, add: (address: string) => Promise<void>): Promise<void> {
  const made = await serve(folder, true);
  try {
    await add(made.address);
  } finally {
    await made.stop();
  }
  everyKind(folder);
}

export default (project: Project) => found(project, async () => undefined);

/** Runs one of the binary's other commands. */
export const run = (args: string[], input = '') =>
  execFileSync(binary, args, { input, stdio: ['pipe', 'ignore', 'inherit'] });

/** Founds the company with a field of every kind beside the demo's. */
function everyKind(folder: string): void {
  const of = ['--store', folder, '--tenant', kinds.tenant];
  const app = join(import.meta.dirname, '..', '..', 'http', 'testdata', 'kinds');
  run(['tenant', 'create', '--store', folder, '--app', app, kinds.tenant]);
  run(['unit', 'add', ...of, '--key', 'sales', '--name', 'Sales']);
  for (const person of ['keeper', 'viewer']) {
    run(['user', 'add', ...of, '--username', person, '--roles', person, '--password-stdin'], `${kinds.password}\n`);
  }
}
