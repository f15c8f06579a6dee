// Generated from runtime/http/wire/api.json by `make gen`. Do not edit.

import type { Catalog, Dashboard, FormView } from '../meta/metadata.gen';

export interface paths {
    "/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in with a browser: the answer sets the session cookie */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End this session or token */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change one's own password; every session and token ends */
        post: operations["password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in a program */
        post: operations["token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/catalog": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The published metadata as I may see it */
        get: operations["catalog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/catalog/{form}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One form of the catalog */
        get: operations["catalogForm"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dashboards/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One dashboard, with the widgets that I may see */
        get: operations["dashboard"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What becomes of records in my sight, as it happens, as server-sent events; values are asked for as always
         * @description record: {form, id, version, kind: created, changed or gone}. inbox: my notifications have changed. job: {id}, work that I asked for was queued, came on or ended. reset: some were missed, look at everything anew. replaced: a fourth stream of my session has taken the place of this one. A stream lives ten minutes at most; Last-Event-ID goes on where one ended, within a day.
         */
        get: operations["events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Keep a file, which is yours until a record's field claims it; cleared after a day otherwise */
        post: operations["uploadFile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/files/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bytes of a file that nothing holds and you brought, or that is in a field you see */
        get: operations["downloadFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/files/{id}/paper": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A PDF for the browser's own viewer, in a frame of the same origin; no other file */
        get: operations["filePaper"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/files/{id}/thumbnail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A picture made small, of jpeg, png, gif and webp */
        get: operations["fileThumbnail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/followed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The records that I follow and may read */
        get: operations["followed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/forms/{form}/act/{action}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Do an action that is about no record: one that the catalog tells of with onForm */
        post: operations["actOnForm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/forms/{form}/actions/{action}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change, delete or restore many records: up to 100 ids at once, more or a filter as a job */
        post: operations["actOnMany"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/forms/{form}/aggregate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Figures over what I may read */
        post: operations["aggregate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/forms/{form}/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make, change and delete up to 500 records */
        post: operations["batch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/forms/{form}/duplicates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Which records a draft may be a duplicate of, and who holds them; nothing is written. Complete values of masked fields may be asked for so many times */
        post: operations["findDuplicates"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/forms/{form}/evaluate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a save of this draft would say; nothing is written */
        post: operations["evaluate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/forms/{form}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Write a file of what a list shows, as a job; its result is the file, which only the asker may fetch */
        post: operations["exportRecords"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/forms/{form}/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make and change records by the rows of a file, as a job; a dry run says what would happen */
        post: operations["importRecords"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/forms/{form}/import-template": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A workbook to be filled with new records of a form, in the reader's language: what you may set, with what is chosen from, and known to imports in any language */
        get: operations["importTemplate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/forms/{form}/import/look": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What an uploaded file holds, and which column may be which field */
        post: operations["lookAtFile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/forms/{form}/pools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The pools of a form in which the caller may do something, and what is left to them today; administrators see all of them */
        get: operations["listPools"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/forms/{form}/pools/{pool}/distribute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Hand a pool's records out as one of its distributions says, once a week, as a job; or tell what it would */
        post: operations["distributePool"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/forms/{form}/pools/{pool}/draws": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How a pool's records were handed out, the newest first */
        get: operations["poolDraws"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/forms/{form}/pools/{pool}/draws/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A draw dealt again, held against the histories of its records */
        get: operations["poolDraw"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/forms/{form}/pools/{pool}/ledger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What each has got of a pool so far by draws */
        get: operations["poolLedger"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/forms/{form}/pools/{pool}/sweep": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Turn a pool's daily sweep on or off, or let it run now, as a job */
        post: operations["sweepPool"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/forms/{form}/printed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Keep for the administrators that I have records printed, before I do */
        post: operations["printed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/forms/{form}/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A page of records, asked for by a body */
        post: operations["queryRecords"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/forms/{form}/records": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                form: string;
            };
            cookie?: never;
        };
        /** A page of records */
        get: operations["listRecords"];
        put?: never;
        /** Make a record */
        post: operations["createRecord"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/forms/{form}/records/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                form: string;
                id: string;
            };
            cookie?: never;
        };
        /**
         * One record
         * @description A record that waits in a pool counts as opened by whoever reads it, once a day, where the pool limits how many of its records one person opens: 429 `pool.viewLimit` until the tenant's next day. So do its history, its comments, its files and what is explained of it, the comparison before a merge, and a change that changes nothing; a change that does is answered uncounted.
         */
        get: operations["getRecord"];
        put?: never;
        post?: never;
        /** Move a record to the recycle bin */
        delete: operations["deleteRecord"];
        options?: never;
        head?: never;
        /** Change a record: keys that are absent are left alone, null clears */
        patch: operations["updateRecord"];
        trace?: never;
    };
    "/forms/{form}/records/{id}/actions/{action}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Do an action that the record offers in rights.actions */
        post: operations["actOnRecord"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/forms/{form}/records/{id}/comments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What people have said about a record, the newest first */
        get: operations["listComments"];
        put?: never;
        /** Say something about a record that I may read */
        post: operations["comment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/forms/{form}/records/{id}/comments/{comment}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take back what I have said, or take away what others have where I may delete the record */
        delete: operations["dropComment"];
        options?: never;
        head?: never;
        /** Say anew what I have said; files stay as they are */
        patch: operations["editComment"];
        trace?: never;
    };
    "/forms/{form}/records/{id}/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How a field of a record came to its value and its behaviour, or why I may or may not do something */
        get: operations["explain"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/forms/{form}/records/{id}/follow": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether I follow a record, and how many people do */
        get: operations["following"];
        /** Follow a record that I may read: I am told of what others change of it and say about it, as far as I may see it by then */
        put: operations["follow"];
        post?: never;
        /** Follow a record no longer */
        delete: operations["unfollow"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/forms/{form}/records/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What happened to a record, the newest first */
        get: operations["history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/forms/{form}/records/{id}/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What merging another record into this one would mean; of a form that knows duplicates */
        get: operations["previewMerge"];
        put?: never;
        /** Make one record out of two: the other goes to the recycle bin, and what pointed to it points to this one. The job can be undone for 30 days */
        post: operations["mergeRecords"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/forms/{form}/records/{id}/purge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Remove a record from the recycle bin for good */
        post: operations["purgeRecord"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/forms/{form}/records/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Bring a record back from the recycle bin */
        post: operations["restoreRecord"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/forms/{form}/records/{id}/viewers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who sees a record, or a field of it, and why; for who may share the record, and for administrators who may read it */
        get: operations["viewers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/forms/{form}/views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The views of a form that I have saved, and those shared with me */
        get: operations["savedViews"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/forms/{form}/views/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Save a view, for myself or for my roles and units */
        put: operations["saveView"];
        post?: never;
        /** Take a view of my own away */
        delete: operations["dropView"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My jobs, the newest first */
        get: operations["jobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One job with its report */
        get: operations["job"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End a job at its next batch */
        post: operations["cancelJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{id}/rehearsal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a job has found so far of what would become of records */
        get: operations["jobRehearsal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{id}/rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What became of an import's rows, or in a dry run would; of one that takes an import back: which were undone and which kept */
        get: operations["importedRows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{id}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take an import, a merge or a change of many records back, as far as nobody touched them since, as a job */
        post: operations["undoImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/maintained": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The decision tables and pools of which the caller may change values */
        get: operations["listMaintained"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/maintained/{kind}/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The values of a table or pool that the caller may change, what is to come of it, and what became of earlier changes */
        get: operations["getMaintained"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/maintained/{kind}/{key}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What other values would come to: faults, gaps, overlaps, tests that fail, and what would become of records; nothing is changed */
        post: operations["checkValues"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/maintained/{kind}/{key}/values": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change values at once, or from the beginning of a later day; what forbids a publication forbids this */
        post: operations["changeValues"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/maintained/{kind}/{key}/values/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take back a change whose day has not come */
        delete: operations["cancelValues"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who I am and what I may do */
        get: operations["me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/absence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** When I am absent, who stands in for me, and for whom I stand in */
        get: operations["absences"];
        /** Say when I am absent, and who stands in */
        put: operations["setAbsences"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change one's own password; every session and token ends */
        post: operations["changePassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where I am signed in */
        get: operations["sessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End one of my sessions */
        delete: operations["endSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My tokens, without their secrets */
        get: operations["tokens"];
        put?: never;
        /** A token whose scopes are at most my own; its secret is in this answer only */
        post: operations["createToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End one of my tokens */
        delete: operations["endToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/viewing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** See the app as another person would, from the next request of this session or token on: read only, what both may see, for a while; they are told */
        post: operations["beginViewing"];
        /** Be myself again before the time is up */
        delete: operations["endViewing"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/mentions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The comments that mention me, of records that I may read, the newest first */
        get: operations["mentions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My notifications, the newest first, and how many I have not read */
        get: operations["notifications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notifications/choices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What I want to be told of, by which channels, and when not */
        get: operations["notificationChoices"];
        /** Say anew what I want to be told of, by which channels, and when not */
        put: operations["chooseNotifications"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notifications/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mark notifications as read: some, or all; again it changes nothing */
        post: operations["readNotifications"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description, with the forms that I may use */
        get: operations["openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Colleagues to pick from */
        get: operations["listPeople"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/regions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The administrative divisions that regions name */
        get: operations["listRegions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Full-text search over all forms */
        get: operations["search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/units": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The departments */
        get: operations["listUnits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/zones": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The zones */
        get: operations["listZones"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        absences: {
            /** @description When I am absent, both days included, and who stands in. */
            away: {
                deputy: {
                    id: string;
                    title: string;
                } | null;
                /** Format: date */
                from: string;
                person: {
                    id: string;
                    title: string;
                };
                /** Format: date */
                to: string;
            }[];
            /** @description For whom I stand in, today or later. */
            standsIn: {
                deputy: {
                    id: string;
                    title: string;
                } | null;
                /** Format: date */
                from: string;
                person: {
                    id: string;
                    title: string;
                };
                /** Format: date */
                to: string;
            }[];
        };
        /** @description what an action asks for */
        act: {
            args?: {
                reason?: string;
            } & {
                [key: string]: unknown;
            };
            /** @description The version that is meant; without it, whatever version there is. */
            version?: number;
        };
        /** @description records by id, or those of a view and filter */
        action: {
            args?: {
                reason?: string;
                /** @description Values by field key, in wire form. */
                values?: {
                    [key: string]: unknown;
                };
            } & {
                [key: string]: unknown;
            };
            filter?: unknown;
            ids?: string[];
            view?: string;
        };
        /** @description what the action asks for */
        actOnForm: {
            args?: {
                reason?: string;
            } & {
                [key: string]: unknown;
            };
        };
        aggregate: {
            filter?: components["schemas"]["filter"];
            group?: {
                /** @enum {unknown} */
                bucket?: "day" | "week" | "month" | "quarter" | "year";
                field: string;
            }[];
            limit?: number;
            metrics?: {
                field?: string;
                /** @enum {unknown} */
                op: "count" | "sum" | "avg" | "min" | "max" | "distinct";
            }[];
            /** @description The number of a metric, - before it for the greatest first. */
            sort?: string;
            /** @description Count and add up the rows of this table. */
            table?: string;
            /** @description A view's key: its filter is added. */
            view?: string;
        };
        aggregateRow: {
            /** @description One per group: text, number, a reference, or null. */
            keys: unknown[];
            /** @description One per metric; exact numbers are text with their scale, null: none. */
            metrics: unknown[];
        };
        batch: {
            /** @description All or none. */
            atomic?: boolean;
            operations: components["schemas"]["operation"][];
        };
        batchResult: {
            problem?: components["schemas"]["problem"];
            record?: components["schemas"]["record"];
            status: number;
        };
        batchResults: {
            results: components["schemas"]["batchResult"][];
        };
        /** @description The document that schemas/catalog.schema.json describes. */
        catalog: Catalog;
        /** @description What somebody has said about a record. */
        comment: {
            /** Format: date-time */
            at: string;
            by: components["schemas"]["reference"];
            /** Format: date-time */
            editedAt?: string;
            files: {
                id: string;
                name: string;
                /** @description Bytes. */
                size: number;
                type: string;
            }[];
            id: string;
            mentions: components["schemas"]["reference"][];
            /** @description I may change it and take it back. */
            mine: boolean;
            /** @description I may take it away. */
            removes: boolean;
            text: string;
        };
        counted: {
            exact: boolean;
            value: number;
        };
        /** @description Where a record of a form with pools is at home, and for how long whoever owns it has it. */
        custody: {
            /** @description The key of its home pool. */
            key: string;
            /** Format: date-time */
            lockedUntil?: string;
            /**
             * Format: date-time
             * @description From when a sweep takes it back.
             */
            reclaimAt?: string;
            /**
             * Format: date-time
             * @description Since when its owner has it, or nobody does.
             */
            since: string;
        };
        /** @description The document that schemas/dashboard.schema.json describes. */
        dashboard: Dashboard;
        deal: {
            /** @description Which of the pool's distributions; absent: by hand, among people. */
            distribution?: string;
            /**
             * @description By hand: how.
             * @enum {string}
             */
            mode?: "randomEven" | "weighted" | "leastLoaded";
            /** @description By hand: among whom. */
            people?: {
                /** @description Records that they get at most. */
                most?: number;
                user: string;
                /** @description Where the mode is weighted, from 1 to 1000. */
                weight?: number;
            }[];
            /** @description Tell what it would hand out, and write nothing. */
            preview?: boolean;
            /** @description Why it is run once more in the same week. */
            reason?: string;
            /** @description By hand: at most so many records; all that people have room for unless said. */
            take?: number;
        };
        dealPreview: {
            candidates: number;
            dealt: number;
            /** @description Those that nobody may get. */
            left: number;
            people: {
                count: number;
                /** @description What they hold now. */
                load: number;
                name: string;
                user: string;
            }[];
        };
        dealtShare: {
            /** @description What they had got in draws before. */
            before: number;
            got: number;
            /** @description What they held then. */
            load: number;
            user: components["schemas"]["reference"];
            weight?: number;
        };
        /** @description A draw dealt again from its seed and what it was given. */
        draw: {
            candidates: number;
            dealt: number;
            /** @description A part of what was handed out. */
            hands: {
                id: string;
                to: components["schemas"]["reference"];
                /** @description The record's history tells of it; not so where it had changed hands before. */
                told: boolean;
            }[];
            /** @description Those that nobody could get. */
            left: number;
            mode: string;
            /** @description The after of the next part. */
            next?: number;
            people: components["schemas"]["dealtShare"][];
            seed: string;
        };
        drawLine: {
            /** Format: date-time */
            at?: string;
            by?: components["schemas"]["reference"];
            /** @description Absent where it was by hand. */
            distribution?: string;
            job: string;
            /** @description The week. */
            period: string;
        };
        /** @description A record that may stand for the same, as far as I may know of it. */
        duplicate: {
            /** @description Nothing is saved while there is this duplicate. */
            blocks?: boolean;
            /** @description The fields of the draft that decide it. */
            fields: string[];
            form: string;
            /** @description Absent where I may not read the record. */
            id?: string;
            /** @description The two differ by one slip of the pen. */
            near?: boolean;
            owner?: components["schemas"]["reference"];
            /** @description The key of its home pool. */
            pool?: string;
            /** @description The form's rule, named in the catalog, by which the two are alike. */
            rule: string;
            title?: string;
        };
        evaluation: {
            explanation?: components["schemas"]["explanation"];
            /** @description By field key. */
            fields: {
                [key: string]: components["schemas"]["fieldState"];
            };
            issues: components["schemas"]["problemAt"][];
            /** @description Values by field key, in wire form. */
            values: {
                [key: string]: unknown;
            };
        };
        /** @description One step of an explanation, in the language of the request. */
        explained: {
            /** @description Why nothing came out. */
            fault?: string;
            /** @description field, rule, literal, actor, operation, choice, call, each, item, rest, record, rollup, decision, case, right, grant or fact. */
            kind: string;
            label: string;
            notes?: string[];
            parts?: components["schemas"]["explained"][];
            ref?: components["schemas"]["explainedRef"];
            rule?: components["schemas"]["explainedRule"];
            /**
             * @description Absent where all of it is told.
             * @enum {string}
             */
            sight?: "masked" | "hidden";
            source?: components["schemas"]["explainedSource"];
            /** @description The value as people read it. */
            text?: string;
            /** @description The same for programs: numbers as decimal text, days and instants as records have them. */
            value?: unknown;
        };
        /** @description Which value of which record it is. */
        explainedRef: {
            column?: string;
            field?: string;
            form: string;
            id?: string;
            /** @description As it was before the change. */
            old?: boolean;
            row?: string;
            version?: number;
        };
        explainedRule: {
            form?: string;
            key?: string;
            /** @description compute, default, check, requiredIf, visibleIf, readOnlyIf, when, mirror, rollup, reclaim, exempt, exemptUntil, days or clock. */
            part: string;
            /** @description Absent where something that it may read is not visible to me. */
            text?: string;
            /** @description Of the metadata. */
            version?: string;
        };
        /** @description Where in the text of the rule it stands. */
        explainedSource: {
            col: number;
            line: number;
            text: string;
        };
        explanation: {
            field?: string;
            form: string;
            id?: string;
            /** @description The version of the metadata by which it is explained. */
            metadata: string;
            move?: components["schemas"]["explained"];
            right?: components["schemas"]["explained"];
            /** @description What decides whether the field is shown, required and read-only, and what checks it. The value of each is whether it is so. */
            rules?: components["schemas"]["explained"][];
            value?: components["schemas"]["explained"];
            version?: number;
        };
        export: {
            /** @description Fields, in this order; all that the asker sees unless said. */
            columns?: string[];
            /** @description A filter tree, or an expression that stores can decide. */
            filter?: unknown;
            /**
             * @description A workbook unless said; text has no tables of rows.
             * @enum {unknown}
             */
            format?: "" | "xlsx" | "csv";
            /** @description Words to search for. */
            q?: string;
            sort?: string;
            /** @description A view's key: its filter is added, its sort is the default. */
            view?: string;
            /** @description With the ids that an import needs to find everything again. */
            whole?: boolean;
        };
        fieldState: {
            readOnly: boolean;
            required: boolean;
            visible: boolean;
        };
        /** @description A file, as uploaded and, without width, height, url and expires, in the fields of records. */
        file: {
            /**
             * Format: date-time
             * @description When it is cleared unless a record's field claims it.
             */
            expires?: string;
            height?: number;
            id: string;
            name: string;
            size: number;
            /** @description Media type, as its bytes tell. */
            type: string;
            url?: string;
            width?: number;
        };
        fileChoice: {
            /** @description Of text; found out unless said. */
            delimiter?: string;
            /**
             * @description Of text; found out unless said.
             * @enum {unknown}
             */
            encoding?: "" | "utf-8" | "gb18030" | "utf-16le" | "utf-16be";
            file: string;
            /** @description The row of the columns' names; found out unless said. */
            header?: number;
            /** @description Of a workbook; the first unless said. */
            sheet?: string;
        };
        fileColumn: {
            guess?: components["schemas"]["importColumn"];
            name: string;
            samples: string[];
            /** @description Samples that the guess does not understand. */
            unknown?: string[];
        };
        fileLook: {
            columns: components["schemas"]["fileColumn"][];
            delimiter?: string;
            encoding?: string;
            /** @enum {unknown} */
            format: "csv" | "xlsx";
            header: number;
            /** @description Cells among the first rows that are not what they seem: lost (digits), broken (an error), uncomputed (a formula without a value). */
            marks?: {
                [key: string]: number;
            };
            /** @description Ranges of merged cells: each row of one says the same. */
            merged?: number;
            request: components["schemas"]["import"];
            sheet?: string;
            sheets?: string[];
            /** @description Names that stand more than once; the second is told apart by a number. */
            twice?: string[];
        };
        /** @description The JSON filter tree, {"field", "op", "value"} with and, or, not and {"expr"}, or an expression as text that a store can decide. */
        filter: unknown;
        /** @description A record that I follow. */
        followedRecord: {
            /**
             * Format: date-time
             * @description Since when.
             */
            at: string;
            form: string;
            id: string;
            title: string;
        };
        /** @description How I stand to a record. */
        following: {
            /** @description There are no more than these. */
            exact: boolean;
            /** @description How many people do, counted up to 100. */
            followers: number;
            /** @description I follow it. */
            following: boolean;
        };
        formActed: {
            /** @description Those that were written and that the caller may read, in the order in which they were asked for. */
            records: {
                /** @description It was made by this. */
                created: boolean;
                form: string;
                id: string;
            }[];
        };
        /** @description Which verbs reach any record of a form. */
        formRights: {
            create: boolean;
            delete: boolean;
            export: boolean;
            read: boolean;
            update: boolean;
        };
        /** @description A form of the catalog, as schemas/catalog.schema.json describes it. */
        formView: FormView;
        grant: {
            addr?: string;
            agent?: string;
            /** Format: date-time */
            createdAt: string;
            /** @description The one that asks. */
            current?: boolean;
            /** Format: date-time */
            expiresAt: string;
            id: string;
            /** @enum {string} */
            kind: "session" | "token";
            name?: string;
            /** @description Absent: all that its user may do. */
            scopes?: string[];
            user: string;
        };
        guest: {
            /** Format: date-time */
            at: string;
            by: components["schemas"]["reference"];
            /** @enum {string} */
            how: "read" | "write" | "team";
            id: string;
            /** @enum {string} */
            kind: "person" | "unit";
            title: string;
            /**
             * Format: date-time
             * @description From then on it is not; absent: it has no end.
             */
            until?: string;
        };
        historyEntry: {
            /** @description By which action, where it was no edit. */
            action?: string;
            actor: components["schemas"]["reference"];
            /** Format: date-time */
            at: string;
            changes: {
                field: string;
                from: unknown;
                to: unknown;
            }[];
            /** @description What decided, where a rule moved the record: its name, version, clock, limit. */
            detail?: {
                [key: string]: unknown;
            };
            /** @description How it came about is kept: explain with its version. */
            explained?: boolean;
            op: string;
            reason?: string;
            version: number;
        };
        historyPage: {
            entries: components["schemas"]["historyEntry"][];
            next?: string;
        };
        import: {
            /** @description Of text; found out unless said. */
            delimiter?: string;
            dryRun?: boolean;
            /**
             * @description Of text; found out unless said.
             * @enum {unknown}
             */
            encoding?: "" | "utf-8" | "gb18030" | "utf-16le" | "utf-16be";
            /** @description An uploaded file: text with delimiters, or a workbook (xlsx). */
            file: string;
            /** @description The row of the columns' names; found out unless said. */
            header?: number;
            plan: components["schemas"]["importPlan"];
            /**
             * @description Of the file of refused rows, which is the job's result.
             * @enum {unknown}
             */
            report?: "" | "xlsx" | "csv";
            /** @description Of a workbook; the first unless said. */
            sheet?: string;
        };
        importColumn: {
            /** @description Of a reference: the field of the other form that the cells say; its id unless said. */
            by?: string;
            /** @description A column's name, as a look tells it. */
            column?: string;
            /**
             * @description Which part of 03/04/2026 is which.
             * @enum {unknown}
             */
            dates?: "" | "dmy" | "mdy";
            /** @description A field's key; of an address a part as in address.detail; id for the record's own. */
            field: string;
            /** @description Of numbers: to so many decimals, halves away from zero. */
            round?: number;
            /** @description In place of a column: the same in each row. */
            text?: string;
            /** @description Of numbers: multiply by this. */
            times?: string;
            /** @description What cells say and what is meant. */
            values?: {
                [key: string]: string;
            };
        };
        importedRows: {
            next?: string;
            rows: {
                /** @description The records that it looks like, as far as I may know of them. */
                alike?: components["schemas"]["duplicate"][];
                changes?: {
                    field: string;
                    from: unknown;
                    to: unknown;
                }[];
                errors?: {
                    cell?: {
                        /** @description As the file names it. */
                        column?: string;
                        /** @description In that table, as spreadsheets count. */
                        row?: number;
                        /** @description Which of the plan's tables, the first is 1; absent for the records' own. */
                        table?: number;
                        /** @description What the cell says, cut where it is long. */
                        text?: string;
                    };
                    code: string;
                    /** @description The label of a field that no column fills. */
                    field?: string;
                    message: string;
                }[];
                id?: string;
                /** @enum {unknown} */
                op: "made" | "changed" | "unchanged" | "refused" | "undone" | "kept";
                /** @description As spreadsheets count; 0 for a row of a table that belongs nowhere. */
                row: number;
                /** @description The rows before it that it looks like. */
                twins?: {
                    row: number;
                    /** @description The form's rule, named in the catalog, by which the two are alike. */
                    rule: string;
                }[];
            }[];
        };
        importPlan: {
            /** @description More pools beside pool, each of which gets a record of its own for the target of each new one: they are siblings. The same right is needed. */
            alsoIn?: string[];
            /** @description An empty cell empties the field; else it stays. */
            clear?: boolean;
            columns: components["schemas"]["importColumn"][];
            form?: string;
            /** @description The fields by which a row finds its record: id, or what is unique. */
            key?: string[];
            /** @enum {unknown} */
            mode?: "" | "create" | "update" | "upsert";
            /** @description The pool that new records come into; absent: the one whose condition holds. You must be one who assigns its records or manages it. */
            pool?: string;
            tables?: components["schemas"]["importTable"][];
        };
        importTable: {
            columns: components["schemas"]["importColumn"][];
            /** @description Of text; found out unless said. */
            delimiter?: string;
            /**
             * @description Of text; found out unless said.
             * @enum {unknown}
             */
            encoding?: "" | "utf-8" | "gb18030" | "utf-16le" | "utf-16be";
            /** @description A table field. */
            field: string;
            /** @description Where its rows stand; the file of the records unless said. In the records' own sheet each row has a row of the table, and the rows that say the same in join are one record. */
            file?: string;
            /** @description The row of the columns' names; found out unless said. */
            header?: number;
            /** @description The column that says to which record a row belongs. */
            join: string;
            /** @description The column of the table field that tells its rows apart: rows that are there are changed, others added, none is deleted. */
            key?: string;
            /** @description Of a workbook; the first unless said. */
            sheet?: string;
            /** @description The column of the records that says the same; of one name unless said. */
            to?: string;
        };
        input: {
            /** @description Why, for the history. */
            reason?: string;
            /** @description Values by field key, in wire form. */
            values: {
                [key: string]: unknown;
            };
        };
        job: {
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            endedAt?: string;
            id: string;
            kind: string;
            progress: {
                done: number;
                /** @description 0 while it is not known. */
                total: number;
            };
            reason?: components["schemas"]["refusal"];
            report?: components["schemas"]["jobReport"];
            /** @description What came of it, such as a file's id. */
            result?: string;
            /** Format: date-time */
            startedAt?: string;
            /** @enum {unknown} */
            state: "queued" | "running" | "done" | "failed" | "cancelled";
            /** @description It has ended and what it did can be taken back: POST /jobs/{id}/undo. */
            undoable: boolean;
        };
        jobReport: {
            /** @description refused has them all. */
            complete: boolean;
            /** @description Parts by what became of them. */
            counts: {
                [key: string]: number;
            };
            refusals: {
                code: string;
                count: number;
            }[];
            refused: components["schemas"]["refusal"][];
        };
        maintained: {
            description?: {
                [key: string]: string;
            };
            inputs?: {
                from?: unknown;
                key: string;
                label: {
                    [key: string]: string;
                };
                /** @description form.field, whose options they are. */
                of?: string;
                optional?: boolean;
                options?: string[];
                to?: unknown;
                /** @description text, option, integer, decimal, boolean or date. */
                type: string;
            }[];
            key: string;
            /** @enum {unknown} */
            kind: "table" | "pool";
            label: {
                [key: string]: string;
            };
            outputs?: {
                key: string;
                label: {
                    [key: string]: string;
                };
                /** @description Digits after the point. */
                scale?: number;
                /** @description text, option, integer, decimal, boolean or date. */
                type: string;
            }[];
            /** @description The newest first, at most 50. */
            past?: components["schemas"]["valuesChange"][];
            rows?: {
                note?: {
                    [key: string]: string;
                };
                /** @description Its place, from 0. */
                row: number;
                /** @description Values by output. */
                then: {
                    [key: string]: unknown;
                };
                /** @description Conditions by input. */
                when?: {
                    [key: string]: unknown;
                };
            }[];
            values?: components["schemas"]["maintainedValue"][];
            waiting?: components["schemas"]["valuesChange"][];
        };
        maintainedValue: {
            /** @description A JSON Pointer into the document: /rows/0/then/days. */
            path: string;
            /** @description A number or text as the document has it; for a condition also a list or a range. */
            value: unknown;
        };
        me: {
            /** @description By form key. */
            forms: {
                [key: string]: components["schemas"]["formRights"];
            };
            /** @description The dashboard that I see first; absent: none. */
            home?: string;
            /** @description There may be people as whom I can see the app. */
            mayView?: boolean;
            /** @description Nothing but changing it is open. */
            mustChangePassword?: boolean;
            /** @description Where what happens was before anything of this was read; events go on after it and miss nothing of what is asked for from now on. */
            place: string;
            roles: string[];
            tenant: string;
            unit: components["schemas"]["named"] | null;
            user: components["schemas"]["user"];
            /** @description Somebody sees the app as me: who, why and until when. */
            viewing?: {
                by: {
                    id: string;
                    title: string;
                };
                reason: string;
                /** Format: date-time */
                until: string;
            };
            /** @description The tenant's time zone, an IANA name: times are shown and typed in it, wherever one is. */
            zone: string;
            zones: components["schemas"]["named"][];
        };
        /** @description A comment that mentions me. */
        mention: {
            /** Format: date-time */
            at: string;
            by: components["schemas"]["reference"];
            /** @description Its id among the comments of the record. */
            comment: string;
            form: string;
            /** @description The record. */
            id: string;
            /** @description The notification that tells of it, while it is not read. */
            notice?: string;
            /** @description How it begins, at most 240 characters; none where the record waits in a pool that counts who opens it, and where it is files alone. */
            text: string;
            title: string;
        };
        mergePreview: {
            drop: components["schemas"]["record"];
            /** @description Those that differ and can be taken over. */
            fields: string[];
            keep: components["schemas"]["record"];
            /** @description What points to the one that goes, as far as the caller may read it. */
            moves: {
                count: components["schemas"]["counted"];
                form: string;
            }[];
        };
        named: {
            id: string;
            /** @description By locale. */
            name: {
                [key: string]: string;
            };
        };
        notification: {
            /** Format: date-time */
            at: string;
            by?: components["schemas"]["reference"];
            count: number;
            id: string;
            /** @description The job that it tells of. */
            job?: string;
            /** @description One of the kinds of /notifications/choices. */
            kind: string;
            /** Format: date-time */
            readAt?: string;
            /** @description The first 50 of count. */
            records: {
                form: string;
                /** @description Absent where the record is out of the reader's sight. */
                id?: string;
                /**
                 * Format: date-time
                 * @description When it goes back to its pool.
                 */
                leavesAt?: string;
                title?: string;
            }[];
            /** @description In the reader's language, with what they may see of the records. */
            text: string;
        };
        operation: {
            id?: string;
            /** @enum {unknown} */
            op: "create" | "update" | "delete";
            reason?: string;
            /** @description Values by field key, in wire form. */
            values?: {
                [key: string]: unknown;
            };
            version?: number;
        };
        outcome: {
            changed: boolean;
            id: string;
            problem?: components["schemas"]["problem"];
            status: number;
            warning?: components["schemas"]["warning"];
        };
        page: {
            count?: components["schemas"]["counted"];
            /** @description The budget of the question ran out; next goes on. */
            incomplete?: boolean;
            /** @description The cursor of the next page; absent: there is none. */
            next?: string;
            records: components["schemas"]["record"][];
        };
        pool: {
            claims?: components["schemas"]["share"];
            /** @description Those that I may let run. */
            distributions?: {
                id: string;
                mode: string;
            }[];
            held?: components["schemas"]["share"];
            key: string;
            label: {
                [key: string]: string;
            };
            /** @description Records of the pool that nobody owns and that the asker has opened today, where it limits that. */
            opened?: components["schemas"]["share"];
            rights: ("view" | "claim" | "assign" | "transfer" | "manage")[];
            /** @description To those who manage the pool: its daily sweep, which only reports until it is turned on. */
            sweep?: {
                /** Format: date-time */
                at?: string;
                by?: string;
                /** @description Records that it would take now. */
                due: number;
                /** Format: date-time */
                next: string;
                on: boolean;
            };
        };
        /** @description RFC 9457 */
        problem: {
            code: string;
            /** @description Of a stale version: what was sent, and the record as it is. */
            conflict?: {
                theirs?: components["schemas"]["record"];
                /** @description null where nothing was to be changed, but the record deleted. */
                yours?: {
                    [key: string]: unknown;
                } | null;
            };
            detail: string;
            errors?: components["schemas"]["problemAt"][];
            instance: string;
            status: number;
            title: string;
            type: string;
        };
        problemAt: {
            code: string;
            column?: number;
            /** @description Of metadata: the document. */
            file?: string;
            line?: number;
            message: string;
            /** @description A JSON Pointer into what was sent. */
            path: string;
        };
        query: {
            after?: string;
            /** @enum {unknown} */
            count?: "capped" | "exact";
            deleted?: boolean;
            fields?: string[];
            filter?: components["schemas"]["filter"];
            limit?: number;
            q?: string;
            sort?: string;
            view?: string;
            /**
             * @description me: only what is shared with me. followed: only what I follow; of more than 1,000 such it is refused (list.followsMany).
             * @enum {unknown}
             */
            with?: "me" | "followed";
        };
        record: {
            /** @description A sibling has won the target: it has left its pool and its clock, and stays to be read. */
            closed?: boolean;
            /** Format: date-time */
            createdAt: string;
            createdBy: components["schemas"]["reference"];
            /** Format: date-time */
            deletedAt?: string;
            /** @description In the answer to a save: what the record may be a duplicate of. */
            duplicates?: components["schemas"]["duplicate"][];
            form: string;
            id: string;
            /** @description The fields whose values are masked. */
            masked?: string[];
            pool?: components["schemas"]["custody"];
            rights: components["schemas"]["recordRights"];
            shared?: components["schemas"]["sharedWith"];
            /** @description Of a single record: the others that stand for the same target in other pools. */
            siblings?: components["schemas"]["sibling"][];
            /** Format: date-time */
            updatedAt: string;
            updatedBy: components["schemas"]["reference"];
            /** @description Values by field key, in wire form. */
            values: {
                [key: string]: unknown;
            };
            version: number;
            warning?: components["schemas"]["warning"];
            /** @description It has won the target that its siblings worked on too. */
            won?: boolean;
        };
        recordRights: {
            actions: string[];
            delete: boolean;
            update: boolean;
        };
        /** @description A person, unit or record, with the title to show. */
        reference: {
            id: string;
            title: string;
        };
        refusal: {
            /** @description Which part: a record's id, a row's number. */
            at?: string;
            code: string;
            errors?: components["schemas"]["problemAt"][];
            message: string;
        };
        rehearsal: {
            /** @description Records for which something would be otherwise because of the change. */
            affected: number;
            effects: components["schemas"]["rehearsedEffect"][];
            ended: boolean;
            examined: number;
            form: string;
            /** @description What would leave its owners soon, by pool, owner and tier: who would lose most first. */
            leaving: components["schemas"]["rehearsedLeaving"][];
            /** @description On the clock, while it worked. */
            millis: number;
            /** @description Effects beyond those that are listed. */
            omitted?: number;
            /** @description People whose rights change too, and were left out. */
            others?: number;
            /** @description People whose rights change and were compared. */
            people: number;
            /** @description The version that is active. */
            published: string;
            /** @description Records there are, those in the recycle bin too. */
            total: number;
            /** @description Of what is compared with it. */
            version: string;
        };
        rehearsedEffect: {
            count: number;
            /** @enum {string} */
            kind: "value" | "stale" | "issue" | "mended" | "shown" | "unshown" | "required" | "optional" | "locked" | "unlocked" | "gained" | "lost" | "revealed" | "veiled" | "enters" | "leaves" | "pool" | "deadline";
            /** @description The field, rule, verb, or condition (view, widget, pool, hold, reclaim and its key); of an issue without a rule its field and code. */
            name: string;
            /** @description Some of the records, those that I may read. */
            samples: components["schemas"]["rehearsedSample"][];
            /** @description Whose sight it is, where it is that of somebody: of gained and lost absent for all of them together. */
            who?: string;
            whoName?: string;
        };
        /** @description Records of one owner and tier: tonight counts those that leave with the pool's next sweep and those that are overdue, month those within 30 days, these included. */
        rehearsedLeaving: {
            month: components["schemas"]["rehearsedNumber"];
            /** @description Absent for all records whose owner the asker may not know. */
            owner?: string;
            ownerName?: string;
            pool: string;
            /** @description Records that would leave within 30 days, but not by what is published. */
            samples: components["schemas"]["rehearsedSample"][];
            /** @description Absent where there is none, or where the asker may not know it. */
            tier?: string;
            /** @description The field that tier is a value of. */
            tierField?: string;
            tonight: components["schemas"]["rehearsedNumber"];
        };
        rehearsedNumber: {
            /** @description By what is published. */
            was: number;
            /** @description By what is rehearsed. */
            will: number;
        };
        rehearsedSample: {
            /** @description As a save would have it now. Absent where there is nothing, or not for me. */
            from?: unknown;
            id: string;
            title?: string;
            /** @description As it would be. */
            to?: unknown;
        };
        savedView: {
            /** Format: date-time */
            at: string;
            by?: components["schemas"]["reference"];
            /** @description Those that are shown, in their order; none: those of the published view. */
            columns?: components["schemas"]["viewColumn"][];
            /** @description JSON, in the words of whoever drew it; at most 16 KB. */
            filter?: string;
            /** @description The field by whose values the records stand together. */
            group?: string;
            id: string;
            /** @description I may change it. */
            mine: boolean;
            name: string;
            q?: string;
            shared?: components["schemas"]["sharing"];
            sort?: string;
            /** @description No column stays while the others are scrolled: else the first does where none is pinned. */
            unpinned?: boolean;
            /** @description The one that was seen; 0 or absent for a new one. */
            version: number;
            /** @description The published view that it starts from. */
            view?: string;
        };
        /** @description How many of how many are used; absent: there is no limit. */
        share: {
            most: number;
            used: number;
        };
        /** @description With whom a record is shared, and how it came to its reader where that is no scope of theirs; absent where neither is so. */
        sharedWith: {
            /** @description Whom its reader stands in for today: the record is theirs. */
            for?: components["schemas"]["reference"];
            /**
             * @description How it is shared with the reader; absent: it is not.
             * @enum {string}
             */
            mine?: "read" | "write" | "team";
            with: components["schemas"]["guest"][];
        };
        /** @description For whom beside its maker: the union. */
        sharing: {
            roles?: string[];
            /** @description With all below them. */
            units?: string[];
        };
        /** @description A record that stands for the same target in another pool: how far it is, and nothing of what it holds but, where its pool opens that, what its last follow-ups say. */
        sibling: {
            closed?: boolean;
            /**
             * Format: date
             * @description The day of its last follow-up.
             */
            followedUpOn?: string;
            /** @description The key of its pool, or of the one that it was in until it was closed. */
            pool: string;
            /** @description What its last follow-ups say, the newest first, where its pool opens that and the reader sees the title of such follow-ups. */
            said?: {
                /** Format: date */
                on: string;
                text: string;
            }[];
            /** @description The value of the field that its pool shows to the others, for whoever sees that field. */
            stage?: unknown;
            won?: boolean;
        };
        sweep: {
            /**
             * @description force: run, although it is turned off or takes much.
             * @enum {string}
             */
            do: "on" | "off" | "run" | "force";
            /** @description on: how many of the records that it would take I have seen. Fewer than there are, and it is not turned on: 409 pool.sweepUnseen. */
            seen?: number;
        };
        user: {
            admin: boolean;
            id: string;
            locale?: string;
            name: string;
            username: string;
        };
        valueChange: {
            from: unknown;
            path: string;
            to: unknown;
        };
        valuesChange: {
            /**
             * Format: date-time
             * @description When it was ordered.
             */
            at: string;
            by: string;
            byName: string;
            /** Format: date-time */
            due: string;
            /**
             * Format: date
             * @description Absent: at once.
             */
            effectiveFrom?: string;
            /** Format: date-time */
            endedAt?: string;
            id: string;
            note?: string;
            reason?: components["schemas"]["refusal"];
            /**
             * @description active: it became a version of the metadata.
             * @enum {unknown}
             */
            state: "waiting" | "active" | "refused" | "cancelled";
            values: components["schemas"]["valueChange"][];
            /** @description The number of the version that it became. */
            version?: number;
        };
        valuesOrder: {
            /**
             * Format: date
             * @description A later day in the tenant's time zone. Default: at once.
             */
            effectiveFrom?: string;
            note?: string;
            values: components["schemas"]["maintainedValue"][];
        };
        viewColumn: {
            field: string;
            /** @description It stays where it is while the others are scrolled. */
            pinned?: boolean;
            /** @description In CSS pixels, 40 to 1200; absent: as wide as its kind is at first. */
            width?: number;
        };
        viewer: {
            /** @description They see some characters of the field. */
            masked?: boolean;
            person: components["schemas"]["reference"];
            /** @description They may change it, too. */
            update: boolean;
            why: components["schemas"]["explained"];
        };
        viewers: {
            /** @description Ask on after it; absent at the end. A page may be empty and have one. */
            next?: string;
            viewers: components["schemas"]["viewer"][];
        };
        viewInput: {
            /** @description Those that are shown, in their order; none: those of the published view. */
            columns?: components["schemas"]["viewColumn"][];
            /** @description JSON, in the words of whoever drew it; at most 16 KB. */
            filter?: string;
            /** @description The field by whose values the records stand together. */
            group?: string;
            name: string;
            q?: string;
            shared?: components["schemas"]["sharing"];
            sort?: string;
            /** @description No column stays while the others are scrolled: else the first does where none is pinned. */
            unpinned?: boolean;
            /** @description The one that was seen; 0 or absent for a new one. */
            version?: number;
            /** @description The published view that it starts from. */
            view?: string;
        };
        /** @description In the answer to an action: what I had better know of what is done all the same, such as that a person is given what they could not have claimed yet. */
        warning: {
            code: string;
            message: string;
        };
    };
    responses: {
        /** @description a problem document */
        problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["problem"];
            };
        };
        /** @description too often */
        throttled: {
            headers: {
                /** @description Seconds to wait. */
                "Retry-After": number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["problem"];
            };
        };
        /** @description not signed in, or no longer */
        unauthenticated: {
            headers: {
                /** @description Bearer. */
                "WWW-Authenticate": string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    password: string;
                    tenant: string;
                    username: string;
                };
            };
        };
        responses: {
            /** @description signed in */
            200: {
                headers: {
                    /** @description The session. */
                    "Set-Cookie": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        user: components["schemas"]["user"];
                    };
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    /** @description The session's end. */
                    "Set-Cookie": string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    current: string;
                    new: string;
                };
            };
        };
        responses: {
            /** @description done */
            204: {
                headers: {
                    /** @description The session's end. */
                    "Set-Cookie": string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    token: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    password: string;
                    tenant: string;
                    username: string;
                };
            };
        };
        responses: {
            /** @description the token, which is told this once */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        expiresAt: string;
                        token: string;
                        user: components["schemas"]["user"];
                    };
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    catalog: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the answer that the caller has. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the catalog */
            200: {
                headers: {
                    /** @description Names this content, for If-None-Match. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["catalog"];
                };
            };
            /** @description it has not changed */
            304: {
                headers: {
                    /** @description Names this content. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    catalogForm: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                form: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the form */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["formView"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    dashboard: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the dashboard */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["dashboard"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    events: {
        parameters: {
            query?: {
                /** @description The id of the last event that was heard; Last-Event-ID says it too. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description events, one after the other */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    uploadFile: {
        parameters: {
            query?: {
                /** @description "import" for a file that only imports read: it may be as large as the server's --import-bytes, and no record can hold it. */
                for?: "import";
                /** @description The file's name, where the body is the file itself. */
                name?: string;
            };
            header?: {
                /** @description The same key twice keeps the file once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "*/*": string;
                "multipart/form-data": {
                    /** Format: binary */
                    file: string;
                };
            };
        };
        responses: {
            /** @description the file */
            201: {
                headers: {
                    /** @description Where the bytes are. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["file"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    downloadFile: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag for which the range is meant. */
                "If-Range"?: string;
                /** @description One range of bytes, such as bytes=0-999. */
                Range?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description all bytes */
            200: {
                headers: {
                    /** @description bytes. */
                    "Accept-Ranges": string;
                    /** @description attachment, with the file's name. */
                    "Content-Disposition": string;
                    /** @description Names these bytes. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description the range asked for */
            206: {
                headers: {
                    /** @description bytes. */
                    "Accept-Ranges": string;
                    /** @description attachment, with the file's name. */
                    "Content-Disposition": string;
                    /** @description Which bytes these are, of how many. */
                    "Content-Range": string;
                    /** @description Names these bytes. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            401: components["responses"]["unauthenticated"];
            /** @description no such range */
            416: {
                headers: {
                    /** @description bytes. */
                    "Accept-Ranges"?: string;
                    /** @description How many bytes there are. */
                    "Content-Range": string;
                    /** @description Names the file's bytes. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["problem"];
                };
            };
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    filePaper: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag for which the range is meant. */
                "If-Range"?: string;
                /** @description One range of bytes, such as bytes=0-999. */
                Range?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description all bytes */
            200: {
                headers: {
                    /** @description bytes. */
                    "Accept-Ranges": string;
                    /** @description inline; filename=… */
                    "Content-Disposition": string;
                    /** @description Names these bytes. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
            /** @description the range asked for */
            206: {
                headers: {
                    /** @description bytes. */
                    "Accept-Ranges": string;
                    /** @description inline; filename=… */
                    "Content-Disposition": string;
                    /** @description Which bytes these are, of how many. */
                    "Content-Range": string;
                    /** @description Names these bytes. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
            401: components["responses"]["unauthenticated"];
            /** @description no such range */
            416: {
                headers: {
                    /** @description bytes. */
                    "Accept-Ranges"?: string;
                    /** @description How many bytes there are. */
                    "Content-Range": string;
                    /** @description Names the file's bytes. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["problem"];
                };
            };
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    fileThumbnail: {
        parameters: {
            query?: {
                /** @description Pixels of its longer side at most. */
                size?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the picture */
            200: {
                headers: {
                    /** @description inline. */
                    "Content-Disposition": string;
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                    "image/png": string;
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    followed: {
        parameters: {
            query?: {
                /** @description The next of the page before. */
                after?: string;
                /** @description Only those of this form. */
                form?: string;
                /** @description Records of a page, at most 100. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page of them; it may have fewer than the limit where more are to come */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        next?: string;
                        records: components["schemas"]["followedRecord"][];
                    };
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    actOnForm: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's: a repeated request with it is carried out once and answered the same. */
                "Idempotency-Key"?: string;
            };
            path: {
                action: string;
                form: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["actOnForm"];
            };
        };
        responses: {
            /** @description what it has written, all of it or nothing */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["formActed"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    actOnMany: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
            };
            path: {
                action: string;
                form: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["action"];
            };
        };
        responses: {
            /** @description an outcome for each */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        results: components["schemas"]["outcome"][];
                    };
                };
            };
            /** @description the job that does it */
            202: {
                headers: {
                    /** @description Where the job is. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["job"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    aggregate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                form: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["aggregate"];
            };
        };
        responses: {
            /** @description a row for each group */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rows: components["schemas"]["aggregateRow"][];
                    };
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    batch: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's: a repeated request with it is carried out once and answered the same. */
                "Idempotency-Key"?: string;
            };
            path: {
                form: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["batch"];
            };
        };
        responses: {
            /** @description a result for each */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["batchResults"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    findDuplicates: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                form: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The record that the draft changes; absent for a new one. */
                    id?: string;
                    /** @description Values by field key, in wire form. */
                    values: {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description the duplicates, those of the first rule first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        duplicates: components["schemas"]["duplicate"][];
                    };
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    evaluate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                form: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description A field whose value and behaviour in the draft are to be explained. */
                    explain?: string;
                    /** @description The record that the draft changes; absent for a new one. */
                    id?: string;
                    /** @description Values by field key, in wire form. */
                    values: {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description the draft */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["evaluation"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    exportRecords: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
            };
            path: {
                form: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["export"];
            };
        };
        responses: {
            /** @description the job that does it */
            202: {
                headers: {
                    /** @description Where the job is. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["job"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    importRecords: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
            };
            path: {
                form: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["import"];
            };
        };
        responses: {
            /** @description the job that does it */
            202: {
                headers: {
                    /** @description Where the job is. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["job"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    importTemplate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                form: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the workbook (xlsx) */
            200: {
                headers: {
                    /** @description attachment, with the file's name. */
                    "Content-Disposition": string;
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    lookAtFile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                form: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["fileChoice"];
            };
        };
        responses: {
            /** @description the file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["fileLook"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    listPools: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                form: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the pools */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        pools: components["schemas"]["pool"][];
                    };
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    distributePool: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
            };
            path: {
                form: string;
                pool: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["deal"];
            };
        };
        responses: {
            /** @description what it would hand out now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["dealPreview"];
                };
            };
            /** @description the job that deals */
            202: {
                headers: {
                    /** @description Where the job is. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["job"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    poolDraws: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                form: string;
                pool: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the last draws */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        draws: components["schemas"]["drawLine"][];
                    };
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    poolDraw: {
        parameters: {
            query?: {
                /** @description The next of the part before. */
                after?: number;
            };
            header?: never;
            path: {
                form: string;
                id: string;
                pool: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the draw */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["draw"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    poolLedger: {
        parameters: {
            query?: {
                /** @description Of which distribution; absent: of those by hand. */
                distribution?: string;
            };
            header?: never;
            path: {
                form: string;
                pool: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the ledger, the most first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        people: components["schemas"]["dealtShare"][];
                    };
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    sweepPool: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
            };
            path: {
                form: string;
                pool: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["sweep"];
            };
        };
        responses: {
            /** @description the job that sweeps */
            202: {
                headers: {
                    /** @description Where the job is. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["job"];
                };
            };
            /** @description turned */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    printed: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                form: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    records: string[];
                };
            };
        };
        responses: {
            /** @description kept */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    queryRecords: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                form: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["query"];
            };
        };
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["page"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    listRecords: {
        parameters: {
            query?: {
                /** @description The next of the page before. */
                after?: string;
                /** @description capped counts to 1,000, exact to the end. */
                count?: "capped" | "exact";
                /** @description The recycle bin. */
                deleted?: boolean;
                /** @description The fields wanted, with commas between them. */
                fields?: string;
                /** @description The JSON filter tree, or an expression. */
                filter?: string;
                /** @description Records of a page, 1 to 500, 50 by default. */
                limit?: number;
                /** @description Words to search. */
                q?: string;
                /** @description Up to three fields, - before one that runs down: -updatedAt,name. */
                sort?: string;
                /** @description A view's key: its filter is added, its order is the default. */
                view?: string;
                /** @description me: only what is shared with me. followed: only what I follow; of more than 1,000 such it is refused (list.followsMany). */
                with?: "me" | "followed";
            };
            header?: never;
            path: {
                form: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["page"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    createRecord: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's: a repeated request with it is carried out once and answered the same. */
                "Idempotency-Key"?: string;
            };
            path: {
                form: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["input"];
            };
        };
        responses: {
            /** @description the record */
            201: {
                headers: {
                    /** @description The version, for If-Match. */
                    ETag: string;
                    /** @description Where the record is. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["record"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    getRecord: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                form: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the record */
            200: {
                headers: {
                    /** @description The version, for If-Match. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["record"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    deleteRecord: {
        parameters: {
            query?: {
                /** @description Why, for the history. */
                reason?: string;
            };
            header: {
                /** @description The version that the caller saw. */
                "If-Match": string;
            };
            path: {
                form: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    updateRecord: {
        parameters: {
            query?: never;
            header: {
                /** @description A key of the caller's: a repeated request with it is carried out once and answered the same. */
                "Idempotency-Key"?: string;
                /** @description The version that the caller saw. */
                "If-Match": string;
            };
            path: {
                form: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["input"];
            };
        };
        responses: {
            /** @description the record */
            200: {
                headers: {
                    /** @description The version, for If-Match. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["record"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    actOnRecord: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's: a repeated request with it is carried out once and answered the same. */
                "Idempotency-Key"?: string;
            };
            path: {
                action: string;
                form: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["act"];
            };
        };
        responses: {
            /** @description the record */
            200: {
                headers: {
                    /** @description The version, for If-Match. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["record"];
                };
            };
            /** @description done, and the record is no longer there for the caller */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    listComments: {
        parameters: {
            query?: {
                /** @description The next of the page before. */
                after?: string;
                /** @description Comments of a page, at most 100. */
                limit?: number;
            };
            header?: never;
            path: {
                form: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page of comments */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        comments: components["schemas"]["comment"][];
                        next?: string;
                    };
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    comment: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's: a repeated request with it is carried out once and answered the same. */
                "Idempotency-Key"?: string;
            };
            path: {
                form: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Ids of up to 10 files that I have brought and nothing holds yet. Whoever may read the record may read them. */
                    files?: string[];
                    /** @description Ids of up to 20 people. Those who may read the record are told. */
                    mentions?: string[];
                    /** @description Plain text, 1 to 5,000 characters; with files it may be empty. */
                    text: string;
                };
            };
        };
        responses: {
            /** @description the comment */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["comment"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    dropComment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                comment: string;
                form: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description it is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    editComment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                comment: string;
                form: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Ids of up to 20 people. Those who may read the record are told. */
                    mentions?: string[];
                    /** @description Plain text, 1 to 5,000 characters; with files it may be empty. */
                    text: string;
                };
            };
        };
        responses: {
            /** @description the comment */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["comment"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    explain: {
        parameters: {
            query?: {
                /** @description The field to explain, or reclaimAt for when a record of a pool leaves its owner; needed unless right is given. */
                field?: string;
                /** @description What I may or may not do to the record, or with field to that field of it. */
                right?: "read" | "update" | "delete" | "export";
                /** @description A version of the record that a rule made, as its line of history says: how it came about, as that was kept. */
                version?: number;
            };
            header?: never;
            path: {
                form: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the explanation */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["explanation"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    following: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                form: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description how I stand to it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["following"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    follow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                form: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description how I stand to it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["following"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    unfollow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                form: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description how I stand to it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["following"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    history: {
        parameters: {
            query?: {
                /** @description The next of the page before. */
                after?: string;
                /** @description Entries of a page. */
                limit?: number;
            };
            header?: never;
            path: {
                form: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page of entries */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["historyPage"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    previewMerge: {
        parameters: {
            query: {
                /** @description The record that would go. */
                with: string;
            };
            header?: never;
            path: {
                form: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the two records and what differs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["mergePreview"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    mergeRecords: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's: a repeated request with it is carried out once and answered the same. */
                "Idempotency-Key"?: string;
            };
            path: {
                form: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    reason?: string;
                    /** @description The fields whose values this record takes over. */
                    take?: string[];
                    /** @description Of this record, as the caller knows it. */
                    version: number;
                    /** @description The record that goes. */
                    with: string;
                    /** @description Of the record that goes, as the caller knows it. */
                    withVersion: number;
                };
            };
        };
        responses: {
            /** @description the two are one; this job moves what points to the one that went */
            202: {
                headers: {
                    /** @description Where the job is. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["job"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    purgeRecord: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's: a repeated request with it is carried out once and answered the same. */
                "Idempotency-Key"?: string;
            };
            path: {
                form: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    restoreRecord: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's: a repeated request with it is carried out once and answered the same. */
                "Idempotency-Key"?: string;
            };
            path: {
                form: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the record */
            200: {
                headers: {
                    /** @description The version, for If-Match. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["record"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    viewers: {
        parameters: {
            query?: {
                /** @description The next of the page before. */
                after?: string;
                /** @description A field that I see whole; absent: the record as a whole. */
                field?: string;
                /** @description People at most; 100 when absent. */
                limit?: number;
            };
            header?: never;
            path: {
                form: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the people among the next thousand, by id */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["viewers"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    savedViews: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                form: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the views, by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        views: components["schemas"]["savedView"][];
                    };
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    saveView: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                form: string;
                /** @description Made by the client. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["viewInput"];
            };
        };
        responses: {
            /** @description as saved */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["savedView"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    dropView: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                form: string;
                /** @description Made by the client. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    jobs: {
        parameters: {
            query?: {
                /** @description The next of the page before. */
                after?: string;
                /** @description Jobs of a page, 50 by default. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page of jobs, without their reports */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        jobs: components["schemas"]["job"][];
                        next?: string;
                    };
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the job */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["job"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    cancelJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the job */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["job"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    jobRehearsal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description what was found */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["rehearsal"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    importedRows: {
        parameters: {
            query?: {
                after?: string;
                /** @description alike: those that look like a record or like a row before them, whatever became of them. */
                op?: "made" | "changed" | "unchanged" | "refused" | "undone" | "kept" | "alike";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description some of the rows, in the order in which they were dealt with */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["importedRows"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    undoImport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the job that does it */
            202: {
                headers: {
                    /** @description Where the job is. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["job"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    listMaintained: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        documents: components["schemas"]["maintained"][];
                    };
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    getMaintained: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                key: string;
                /** @description table or pool. */
                kind: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the document */
            200: {
                headers: {
                    /** @description The state that this shows, for If-Match. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["maintained"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    checkValues: {
        parameters: {
            query?: never;
            header: {
                /** @description A key of the caller's: what would become of records is then found by jobs, once for it. */
                "Idempotency-Key"?: string;
                /** @description The ETag of what the caller saw. */
                "If-Match": string;
            };
            path: {
                key: string;
                /** @description table or pool. */
                kind: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["valuesOrder"];
            };
        };
        responses: {
            /** @description the answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        changes: components["schemas"]["valueChange"][];
                        errors: components["schemas"]["problemAt"][];
                        impact: {
                            form: string;
                            found?: components["schemas"]["rehearsal"];
                            /** @description The job that finds it where there are many records: /jobs/{id}/rehearsal. */
                            job?: string;
                        }[];
                        ok: boolean;
                        warnings: components["schemas"]["problemAt"][];
                    };
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    changeValues: {
        parameters: {
            query?: never;
            header: {
                /** @description A key of the caller's: a repeated request with it is carried out once and answered the same. */
                "Idempotency-Key"?: string;
                /** @description The ETag of what the caller saw. */
                "If-Match": string;
            };
            path: {
                key: string;
                /** @description table or pool. */
                kind: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["valuesOrder"];
            };
        };
        responses: {
            /** @description the change */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["valuesChange"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    cancelValues: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's: a repeated request with it is carried out once and answered the same. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
                key: string;
                /** @description table or pool. */
                kind: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the change */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["valuesChange"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description me */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["me"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    absences: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description absences */
            200: {
                headers: {
                    /** @description Names this state, for If-Match. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["absences"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    setAbsences: {
        parameters: {
            query?: never;
            header: {
                /** @description The state that is meant, see ETag. */
                "If-Match": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    away: {
                        /** @description A person's id; absent or empty: nobody. */
                        deputy?: string;
                        /** Format: date */
                        from: string;
                        /** Format: date */
                        to: string;
                    }[];
                };
            };
        };
        responses: {
            /** @description absences */
            200: {
                headers: {
                    /** @description Names this state, for If-Match. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["absences"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    current: string;
                    new: string;
                };
            };
        };
        responses: {
            /** @description done */
            204: {
                headers: {
                    /** @description The session's end. */
                    "Set-Cookie": string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description sessions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        sessions: components["schemas"]["grant"][];
                    };
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    tokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description tokens */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        tokens: components["schemas"]["grant"][];
                    };
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    createToken: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's: a repeated request with it is carried out once and answered the same. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** Format: date-time */
                    expiresAt?: string;
                    name: string;
                    /** @description read, write, export, admin, or one form's: read:asset. Absent: all. */
                    scopes?: string[];
                };
            };
        };
        responses: {
            /** @description the token */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        expiresAt: string;
                        id: string;
                        token: string;
                    };
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    endToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    beginViewing: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description 15 unless said. */
                    minutes?: number;
                    /** @description The person reads it. */
                    reason: string;
                    user: string;
                };
            };
        };
        responses: {
            /** @description as whom, and until when */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        reason: string;
                        /** Format: date-time */
                        until: string;
                        user: string;
                    };
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    endViewing: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    mentions: {
        parameters: {
            query?: {
                /** @description The next of the page before. */
                after?: string;
                /** @description Mentions of a page, at most 100. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page of them; it may have fewer than the limit where more are to come */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        mentions: components["schemas"]["mention"][];
                        next?: string;
                    };
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    notifications: {
        parameters: {
            query?: {
                after?: string;
                limit?: number;
                /** @description Only those that I have not read. */
                unread?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page of notifications */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        next?: string;
                        notifications: components["schemas"]["notification"][];
                        unread: components["schemas"]["counted"];
                    };
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    notificationChoices: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description every kind, and the channels that are on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        channels: {
                            channel: string;
                            label: string;
                            /** @description It is known what I am called there. */
                            reaches: boolean;
                            /**
                             * @description At once, once a day with what else came together, or not at all.
                             * @enum {string}
                             */
                            usual: "now" | "digest" | "never";
                            /** @description How a kind goes by the channel, by kind; one that is left out goes as is usual. */
                            ways: {
                                [key: string]: "now" | "digest" | "never";
                            };
                        }[];
                        /** @description When I get what has come together, by the tenant’s clocks. */
                        digestAt: string;
                        kinds: {
                            kind: string;
                            label: string;
                            on: boolean;
                        }[];
                        /** @description Hours by the tenant’s clocks in which nothing is sent, such as 22:00 to 07:30. */
                        quiet?: {
                            from: string;
                            to: string;
                        };
                    };
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    chooseNotifications: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description By channel; of one that is not named they stay. */
                    channels?: {
                        [key: string]: {
                            [key: string]: "now" | "digest" | "never";
                        };
                    };
                    digestAt?: string;
                    off: string[];
                    /** @description Hours by the tenant’s clocks in which nothing is sent, such as 22:00 to 07:30. */
                    quiet?: {
                        from: string;
                        to: string;
                    } | null;
                };
            };
        };
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    readNotifications: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    all?: boolean;
                    ids?: string[];
                };
            };
        };
        responses: {
            /** @description how many are left */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        unread: components["schemas"]["counted"];
                    };
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    openapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    listPeople: {
        parameters: {
            query?: {
                /** @description People at most, 20 by default, 200 at most. */
                limit?: number;
                /** @description Part of a name or user name. */
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description those whose name or user name has the words */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        people: {
                            id: string;
                            title: string;
                        }[];
                    };
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    listRegions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description code and name of each, sorted by code */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        regions: string[][];
                    };
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    search: {
        parameters: {
            query?: {
                /** @description Records at most, 10 by default. */
                limit?: number;
                /** @description What to look for. */
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description what was found, the best first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["page"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    listUnits: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description all of them, each with the one right above */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        units: {
                            id: string;
                            parent?: string;
                            title: string;
                        }[];
                    };
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
    listZones: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description all of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        zones: {
                            id: string;
                            title: string;
                        }[];
                    };
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["throttled"];
            default: components["responses"]["problem"];
        };
    };
}
