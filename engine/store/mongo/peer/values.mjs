// Documents as they rest (with the types of BSON) and as mingo reads them (plain). JavaScript's numbers lose what is
// beyond 2^53, so a whole number is a text there that stands in the same order.

import { BSON, Decimal128, Double, Long, ObjectId, UUID } from "bson";

const objectID = "\u0000id:"; // begins what stands for an ObjectId where mingo reads
const whole = "\u0001"; // and for a whole number

export const spelt = (n) => whole + (BigInt(n) + 2n ** 127n).toString(16).padStart(32, "0");

export const isSpelt = (v) => typeof v === "string" && v.startsWith(whole);

export const unspelt = (v) => BigInt(`0x${v.slice(1)}`) - 2n ** 127n;

// MongoDB orders texts by their bytes, which is by characters; JavaScript by units of 16 bits, which puts those beyond
// the first plane before U+E000. Turned, the units of a text stand in the order of its characters.
const turned = (s, turn) => s.replace(/[\ud800-\uffff]/g, (unit) => String.fromCharCode(turn(unit.charCodeAt(0))));
const turn = (u) => (u < 0xd800 ? u : u < 0xe000 ? u + 0x2000 : u - 0x800);
const turnBack = (u) => (u < 0xd800 ? u : u < 0xf800 ? u + 0x800 : u - 0x2000);

export function plain(v) {
	if (typeof v === "string") return turned(v, turn);
	if (v instanceof RegExp) return new RegExp(turned(v.source, turn), v.flags);
	if (v === null || typeof v !== "object" || v instanceof Date) return v;
	if (Array.isArray(v)) return v.map(plain);
	switch (v._bsontype) {
		case "Long":
			return spelt(v.toBigInt());
		case "Decimal128":
			return spelt(v.toString()); // of whole numbers
		case "ObjectId":
			return objectID + v.toHexString();
		case undefined:
			return Object.fromEntries(Object.entries(v).map(([key, one]) => [key, plain(one)]));
	}
	return v;
}

// typed is what mingo made, for the way out: whole numbers as the server would have them.
export function typed(v) {
	if (typeof v === "number") return Number.isInteger(v) ? Long.fromNumber(v) : new Double(v);
	if (typeof v === "string" && v.startsWith(objectID)) return new ObjectId(v.slice(objectID.length));
	if (isSpelt(v)) {
		const n = unspelt(v);
		return n === BigInt.asIntN(64, n) ? Long.fromBigInt(n) : Decimal128.fromString(n.toString());
	}
	if (typeof v === "string") return turned(v, turnBack);
	if (v === undefined) return null;
	if (v === null || typeof v !== "object" || v._bsontype || v instanceof Date || v instanceof RegExp) return v;
	if (Array.isArray(v)) return v.map(typed);
	return Object.fromEntries(Object.entries(v).map(([key, one]) => [key, typed(one)]));
}

// keyOf names a value so that equal ones have one name.
export function keyOf(v) {
	if (v instanceof Date) return `d:${v.getTime()}`;
	switch (v?._bsontype) {
		case "Long":
			return `n:${v.toString()}`;
		case "ObjectId":
			return `o:${v.toHexString()}`;
		case undefined:
			return typeof v === "number" ? `n:${v}` : `${typeof v}:${JSON.stringify(v) ?? ""}`;
	}
	return `${v._bsontype}:${v.toString()}`;
}

export function at(doc, path) {
	return path.split(".").reduce((v, step) => (v === null || v === undefined ? undefined : v[step]), doc);
}

function put(doc, path, v) {
	const steps = path.split(".");
	const last = steps.pop();
	let within = doc;
	for (const step of steps) within = within[step] ??= {};
	if (v === undefined) delete within[last];
	else within[last] = v;
}

function add(a, b) {
	if (a === undefined) return b;
	const long = (v) => (Long.isLong(v) ? v : Long.fromNumber(v));
	return long(a).add(long(b));
}

// changed is a document after an update; inserting tells that there was none.
export function changed(doc, update, inserting) {
	const out = structuredCloneOf(doc);
	for (const [how, fields] of Object.entries(update)) {
		for (const [path, v] of Object.entries(fields)) {
			switch (how) {
				case "$set":
					put(out, path, v);
					break;
				case "$setOnInsert":
					if (inserting) put(out, path, v);
					break;
				case "$unset":
					put(out, path, undefined);
					break;
				case "$inc":
					put(out, path, add(at(out, path), v));
					break;
				case "$currentDate":
					put(out, path, new Date());
					break;
				default:
					throw new Error(`no update ${how} here`);
			}
		}
	}
	return out;
}

function structuredCloneOf(v) {
	if (v === null || typeof v !== "object" || v._bsontype || v instanceof Date || v instanceof RegExp) return v;
	if (Array.isArray(v)) return v.map(structuredCloneOf);
	return Object.fromEntries(Object.entries(v).map(([key, one]) => [key, structuredCloneOf(one)]));
}

// seed is what an upsert makes of its condition: the members that it pins.
export function seed(where) {
	const out = {};
	for (const [path, v] of Object.entries(where)) {
		if (path.startsWith("$")) continue;
		const condition = v !== null && typeof v === "object" && !v._bsontype && Object.keys(v).some((k) => k.startsWith("$"));
		if (!condition) put(out, path, v);
		else if ("$eq" in v) put(out, path, v.$eq);
	}
	return out;
}

// project keeps the members asked for, or leaves out those that are not.
export function project(doc, fields) {
	const names = Object.keys(fields ?? {});
	if (names.length === 0) return doc;
	const keeps = (v) => v !== 0 && v !== false && !(Long.isLong(v) && v.isZero());
	if (names.some((n) => n !== "_id" && keeps(fields[n])) || (names.length === 1 && names[0] === "_id" && keeps(fields._id))) {
		const out = {};
		if (!("_id" in fields) || keeps(fields._id)) out._id = doc._id;
		for (const name of names) {
			if (name === "_id") continue;
			const v = at(doc, name);
			if (v !== undefined) put(out, name, v);
		}
		return out;
	}
	const out = structuredCloneOf(doc);
	for (const name of names) put(out, name, undefined);
	return out;
}

export const same = (a, b) => Buffer.compare(BSON.serialize(a), BSON.serialize(b)) === 0;

export const sessionKey = (lsid) => (lsid.id instanceof UUID ? lsid.id.toString() : Buffer.from(lsid.id.buffer).toString("hex"));

