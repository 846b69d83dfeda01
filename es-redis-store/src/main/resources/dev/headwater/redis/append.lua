-- Appends commits to streams of one partition, in the order given, each commit whole or not at all.
-- KEYS    1 log, 2 head, then the stream of each commit (a stream may come several times)
-- ARGV    1 epoch, 2 how many events to look back for a commit that expects any version, then
--         for each commit: expected version (-1 any; <version>:<id> that version, reached by
--         that commit), count, commit id, metadata and count times: name#revision, payload
-- Returns four items for each commit: outcome, version, sequence, text
--         1 stored: last version, sequence of the last event, log id
--         2 was stored before: last version, 0, ''
--         0 not stored, the stream has another version: that version, 0, ''
--        -1 not stored, the stream's key can't be written: 0, 0, the error
-- Errors  (nothing is stored) WRONGEPOCH, WRONGHEAD, WRONGLOG, and Redis's own such as OOM
--
-- There is no roll-back. So all keys are checked before they are written, and the write that Redis
-- may refuse (memory, disk, replicas) is the first: once one write is done the others are let through.
local log, head, lookback = KEYS[1], KEYS[2], ARGV[2]
local state = redis.pcall('HMGET', head, 'epoch', 'sequence')
if state.err then return redis.error_reply('WRONGHEAD ' .. state.err) end
if state[1] ~= ARGV[1] then
  return redis.error_reply('WRONGEPOCH expected=' .. ARGV[1] .. ' actual=' .. tostring(state[1]))
end
local length = redis.pcall('XLEN', log)
if type(length) == 'table' then return redis.error_reply('WRONGLOG ' .. length.err) end

local function number(n) return string.format('%.0f', n) end -- .. would print 1e+14
local function version(entry) return tonumber(string.match(entry[1], '^%d+')) end

-- Not XLEN: events may have been archived away.
local function last(stream)
  local info = redis.pcall('XINFO', 'STREAM', stream)
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then return tonumber(string.match(info[i + 1], '^%d+')) end
  end
  return 0
end

local function stored_at(stream, v, commit)
  local id = number(v) .. '-0'
  local entry = redis.call('XRANGE', stream, id, id)[1]
  return entry and entry[2][2] == commit
end

-- Where a commit that expects any version goes, or where it already is.
local function any(stream, commit, count)
  local entries = redis.call('XREVRANGE', stream, '+', '-', 'COUNT', lookback)
  for _, entry in ipairs(entries) do
    if entry[2][2] == commit then return version(entry) - count, true end
  end
  return entries[1] and version(entries[1]) or last(stream), false
end

-- The references that the log will get, one for each stream, by number. Arrays and not a table each:
-- a seventh of a large batch's time.
local reference_of, streams, firsts, lasts, last_commits, counts, ids = {}, {}, {}, {}, {}, {}, {}
local names, name, runs = {}, {}, {} -- complete runs as text; the current run's name and length

local function end_run(r)
  local text = runs[r] == 1 and name[r] or name[r] .. '*' .. runs[r]
  names[r] = names[r] and names[r] .. ',' .. text or text
end

local results, of_commit = {}, {}
local a = 3
for k = 3, #KEYS do
  local stream, slot = KEYS[k], 4 * (k - 3)
  local expected, count, commit, metadata = tonumber(ARGV[a]), tonumber(ARGV[a + 1]), ARGV[a + 2], ARGV[a + 3]
  local followed
  if not expected then
    expected, followed = string.match(ARGV[a], '^(%d+):(.*)$')
    expected = tonumber(expected)
  end
  local r = reference_of[stream]
  local outcome, answer, text = 1, 0, ''

  local actual = r and lasts[r] or redis.pcall('XLEN', stream)
  if type(actual) == 'table' then
    outcome, text = -1, actual.err
  elseif expected < 0 then
    local duplicate
    expected, duplicate = any(stream, commit, count)
    if duplicate then outcome, answer = 2, expected + count end
  elseif actual ~= expected then
    actual = last(stream)
    if actual > expected and stored_at(stream, expected + 1, commit) then
      outcome, answer = 2, expected + count
    elseif actual ~= expected then
      outcome, answer = 0, actual
    end
  end
  if outcome == 1 and followed then
    local reached
    if r then reached = last_commits[r] == followed else reached = stored_at(stream, expected, followed) end
    if not reached then outcome, answer = 0, expected end
  end

  local i = 0
  while outcome == 1 and i < count do
    local event = a + 4 + 2 * i
    local added = redis.pcall('XADD', stream, number(expected + i + 1) .. '-0',
      'c', commit, 't', ARGV[event], 'm', metadata, 'd', ARGV[event + 1])
    if type(added) ~= 'table' then
      i = i + 1
    elseif string.find(added.err, 'equal or smaller', 1, true) then -- archived: XLEN was misleading
      actual = last(stream)
      if stored_at(stream, expected + 1, commit) then
        outcome, answer = 2, expected + count
      else
        outcome, answer = 0, actual
      end
    elseif #streams == 0 then
      return added
    else
      outcome, text = -1, added.err
    end
  end

  if outcome == 1 then
    answer = expected + count
    if not r then
      r = #streams + 1
      reference_of[stream], streams[r], firsts[r], counts[r] = r, stream, expected + 1, 0
    end
    for e = a + 4, a + 2 + 2 * count, 2 do
      if name[r] == ARGV[e] then
        runs[r] = runs[r] + 1
      else
        if name[r] then end_run(r) end
        name[r], runs[r] = ARGV[e], 1
      end
    end
    lasts[r], last_commits[r], counts[r], of_commit[k] = answer, commit, counts[r] + count, r
  end
  results[slot + 1], results[slot + 2], results[slot + 3], results[slot + 4] = outcome, answer, 0, text
  a = a + 4 + 2 * count
end

if #streams == 0 then return results end
local sequence, starts = tonumber(state[2]), {}
for r, stream in ipairs(streams) do
  end_run(r)
  -- The key's name without '<namespace>:{p}:s:', which is as long as the log's key less one.
  ids[r] = redis.call('XADD', log, '*', 'r', number(sequence + 1) .. '|' .. string.sub(stream, #log)
    .. '|' .. number(firsts[r]) .. '|' .. counts[r] .. '|' .. names[r])
  starts[r] = sequence - firsts[r] + 1
  sequence = sequence + counts[r]
end
redis.call('HSET', head, 'sequence', number(sequence), 'log', ids[#ids])
for k, r in pairs(of_commit) do
  local slot = 4 * (k - 3)
  results[slot + 3], results[slot + 4] = starts[r] + results[slot + 2], ids[r]
end
return results
