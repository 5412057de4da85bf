// The clients that others publish on npm can use the sandbox.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createBitbucketCloudClient } from '@coderabbitai/bitbucket/cloud';
import bitbucket from 'bitbucket';
import { Sandbox } from './sandbox.mjs';

let sandbox, workspace, repo_slug, id;
before(async () => {
  sandbox = await Sandbox.start('--size', 'small', '--pull-requests', '200');
  workspace = sandbox.workspace;
  repo_slug = sandbox.ready.repositories[0].slug;
  const pulls = await sandbox.all(`/repositories/${workspace}/${repo_slug}/pullrequests?state=MERGED&pagelen=50`);
  id = pulls.find((pull) => pull.comment_count > 2).id;
});
after(() => sandbox.stop());

test('bitbucket lists repositories, pull requests, activity and comments', async () => {
  const { Bitbucket } = bitbucket;
  const client = new Bitbucket({ baseUrl: sandbox.ready.api_base, auth: { token: sandbox.token('workspace').secret }, notice: false });
  const repositories = (await client.repositories.list({ workspace, pagelen: 100 })).data;
  assert.deepEqual(repositories.values.map((entry) => entry.slug).sort(), sandbox.ready.repositories.map((entry) => entry.slug).sort());
  const first = (await client.pullrequests.list({ workspace, repo_slug, state: 'MERGED', pagelen: 10 })).data;
  assert.equal(first.values.length, 10);
  assert.ok(client.hasNextPage(first));
  const second = (await client.getNextPage(first)).data;
  assert.ok(second.values[0].id < first.values[9].id);
  const activity = (await client.pullrequests.listActivities({ workspace, repo_slug, pull_request_id: id })).data;
  assert.ok(activity.values.some((entry) => entry.update));
  const comments = (await client.pullrequests.listComments({ workspace, repo_slug, pull_request_id: id })).data;
  assert.ok(comments.values.length > 0);
  await assert.rejects(client.repositories.get({ workspace, repo_slug: 'nothing' }), (error) => error.status === 404);
});

test('@coderabbitai/bitbucket lists repositories, pull requests, activity and comments', async () => {
  const client = createBitbucketCloudClient({ baseUrl: sandbox.ready.api_base, headers: { Accept: 'application/json', ...sandbox.authorization('api') } });
  const get = async (path, params) => {
    const { data, error } = await client.GET(path, { params });
    assert.equal(error, undefined, JSON.stringify(error));
    return data;
  };
  const path = { workspace, repo_slug };
  const repositories = await get('/repositories/{workspace}', { path: { workspace }, query: { pagelen: 100 } });
  assert.equal(repositories.values.length, sandbox.ready.repositories.length);
  const pulls = await get('/repositories/{workspace}/{repo_slug}/pullrequests', { path, query: { state: 'MERGED' } });
  assert.equal(pulls.values.length, 10);
  const activity = await get('/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/activity', { path: { ...path, pull_request_id: id } });
  assert.ok(activity.values.length > 0);
  const comments = await get('/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/comments', { path: { ...path, pull_request_id: id } });
  assert.ok(comments.values.length > 0);
});
