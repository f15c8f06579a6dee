// Bad weather on demand, by the command and in the words of MongoDB's own (configureFailPoint failCommand, on servers
// begun with enableTestCommands=1): https://github.com/mongodb/mongo/wiki/The-%22failCommand%22-fail-point

import { Refused } from "./data.mjs";

let point = null;

export function configure(command) {
	const mode = command.mode;
	point = mode === "off" ? null : { left: mode?.times === undefined ? Number.POSITIVE_INFINITY : Number(mode.times), ...command.data };
	return {};
}

const transient = new Set([112, 246, 251, 91, 189, 11600, 11602, 10107, 13435, 13436]);
const again = new Set([6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);

function labels(code, name, command) {
	if (command.autocommit === false) return transient.has(code) && name !== "commitTransaction" ? ["TransientTransactionError"] : again.has(code) ? ["RetryableWriteError"] : [];
	return command.txnNumber !== undefined && again.has(code) ? ["RetryableWriteError"] : [];
}

// strike is what befalls a command: nothing mostly; an error, a lost connection, a wait before it is run, or an error
// of writing that is told after it was.
export async function strike(name, command) {
	if (!point || point.left <= 0 || !point.failCommands.includes(name)) return {};
	const now = point;
	now.left--;
	if (now.blockConnection) await new Promise((resolve) => setTimeout(resolve, Number(now.blockTimeMS)));
	if (now.closeConnection) return { closes: true };
	if (now.errorCode) {
		const code = Number(now.errorCode);
		throw new Refused(code, "Failed", "Failing command via 'failCommand' failpoint", ...(now.errorLabels ?? labels(code, name, command)));
	}
	return now.writeConcernError ? { after: { writeConcernError: now.writeConcernError } } : {};
}
