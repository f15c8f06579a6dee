// The server that all journeys walk through: the binary as built, with the demo company in a folder of its own. It
// takes a port that is free, and it goes with the last journey.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the server is, e.g. http://127.0.0.1:41234. */
    address: string;
  }
}

export interface Server {
  address: string;
  stop: () => Promise<void>;
}

const binary = join(import.meta.dirname, '..', '..', '..', 'bin', 'tidewater');
/** Making the demo company takes most of it, longer on a busy machine. */
const patience = 300_000;

/**
 * Starts the demo and waits for the line that says where it listens. TIDEWATER_URL names a server that runs already,
 * for whoever works on a journey.
 */
export async function start(): Promise<Server> {
  const running = process.env.TIDEWATER_URL;
  if (running) return { address: running.replace(/\/$/, ''), stop: async () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'tidewater-journeys-'));
  const child = spawn(binary, ['demo', '--addr', '127.0.0.1:0', '--data', folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = async () => {
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    return { address: await ready(child), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

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

export default async function setup(project: { provide: (key: 'address', value: string) => void }) {
  const server = await start();
  project.provide('address', server.address);
  return server.stop;
}
