// The whole flow in TypeScript, with openapi-fetch and the types that openapi-typescript makes of the document.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

import createClient from "openapi-fetch";

import type { paths } from "./schema";

const baseUrl = process.env["BASE"] ?? "";
const credentials = { username: "typescript", password: "SecurePassword123!" };
const open = createClient<paths>({ baseUrl });

const registered = await open.POST("/api/register", { body: credentials });
assert.equal(registered.response.status, 201);
const again = await open.POST("/api/register", { body: credentials });
assert.equal(again.error?.code, "user_exists");

const login = await open.POST("/api/login", { body: credentials });
assert(login.data);
const tokens = await open.POST("/api/refresh", { body: { refresh_token: login.data.refresh_token } });
assert(tokens.data);
const api = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${tokens.data.access_token}` } });

const created = await api.POST("/api/expenses", {
  body: { amount: 3_000_000_000, category: "House", description: "Roof", external_id: "ts-1" },
  params: { header: { "Idempotency-Key": randomUUID() } },
});
assert(created.data);
const id = created.data.id;
const etag = created.response.headers.get("ETag");
assert(etag);
await api.POST("/api/expenses", { body: { amount: 250, category: "Food" } });

const list = await api.GET("/api/expenses", { params: { query: { category: ["House"], ordering: "-date", limit: 10 } } });
assert.deepEqual(list.data?.map((each) => each.id), [id]);
assert.equal(list.response.headers.get("X-Total-Count"), "1");
const listTag = list.response.headers.get("ETag");
assert(listTag);
const unchanged = await api.GET("/api/expenses", { params: { header: { "If-None-Match": listTag } } });
assert.equal(unchanged.response.status, 304);

const read = await api.GET("/api/expenses/{id}", { params: { path: { id } } });
assert.equal(read.data?.amount, 3_000_000_000);
const cleared = await api.PATCH("/api/expenses/{id}", {
  params: { path: { id }, header: { "If-Match": etag } },
  body: { description: null },
});
assert.equal(cleared.data?.description, null);
const stale = await api.PUT("/api/expenses/{id}", {
  params: { path: { id }, header: { "If-Match": etag } },
  body: { amount: 1, category: "House" },
});
assert.equal(stale.response.status, 412);
assert.equal(stale.error?.code, "precondition_failed");
const wrong = await api.POST("/api/expenses", { body: { amount: 0, category: "Food" } });
assert.equal(wrong.error?.errors?.[0]?.pointer, "#/amount");

const bulk = await api.POST("/api/expenses/bulk", {
  body: { create: [{ amount: 1, category: "Fun" }], update: [{ id, amount: 2, if_revision: 1 }], delete: [] },
});
assert.equal(bulk.error?.errors?.[0]?.pointer, "#/update/0/if_revision");

const removed = await api.DELETE("/api/expenses/{id}", { params: { path: { id } } });
assert.equal(removed.data?.message, "Expense deleted successfully");
const trash = await api.GET("/api/expenses", { params: { query: { deleted: true } } });
assert(trash.data?.[0]?.deleted_at);
const restored = await api.POST("/api/expenses/{id}/restore", { params: { path: { id } } });
assert.equal(restored.data?.id, id);

const changes = await api.GET("/api/expenses/changes", { params: { query: { since: 0 } } });
assert.equal(changes.data?.changed.length, 2);
assert.equal(changes.data.has_more, false);
const summary = await api.GET("/api/expenses/summary", { params: { query: { group_by: "category,month", fill: true } } });
assert.equal(summary.data?.total, 3_000_000_250);
const budget = await api.PUT("/api/budgets", { body: { category: null, amount: 5_000_000_000 } });
assert(budget.data);
const budgets = await api.GET("/api/budgets");
assert.equal(budgets.data?.[0]?.spent, 3_000_000_250);
await api.DELETE("/api/budgets/{id}", { params: { path: { id: budget.data.id } } });

const exported = await api.GET("/api/expenses/export", { params: { query: { format: "csv" } }, parseAs: "text" });
assert.match(String(exported.data), /^date,amount,category,description/);
const form = new FormData();
form.append("file", new Blob(["date,amount,category\nx,1.00,Food\n"]), "x.csv");
const imported = await api.POST("/api/expenses/import", {
  params: { query: { dry_run: true } },
  body: { file: "" },
  bodySerializer: () => form,
});
assert(imported.error && "rows" in imported.error);
assert.equal(imported.error.rows?.[0]?.pointer, "#/0/date");

const personal = await api.POST("/api/sessions", { body: { name: "Script", expires_in_days: 1, scope: "read" } });
assert(personal.data);
const sessions = await api.GET("/api/sessions");
assert.equal(sessions.data?.length, 2);
await api.DELETE("/api/sessions/{id}", { params: { path: { id: personal.data.id } } });
const out = await api.POST("/api/logout");
assert(out.data);
const after = await api.GET("/api/me");
assert.equal(after.response.status, 401);
