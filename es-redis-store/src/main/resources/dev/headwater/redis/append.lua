-- Appends commits to streams of one partition, in the order given, each commit whole or not at all;
-- no id comes twice in one call.
-- KEYS    1 log, 2 head, 3 ids, 4 ids-before, then the stream of each commit (it may come again)
-- ARGV    1 epoch, 2 how many events to look back for a commit that expects any version where no
--         ids are kept, then the id of each commit, then for each commit: version, count, metadata
--         and count times: name#revision, payload
--         version: that of its first event; <version>:<id> the same, directly behind that commit;
--         *<sequence> any, for a commit that was never sent before the partition was there
-- Returns four items for each commit: outcome, version, sequence, text
--         1 stored: last version, sequence of the last event, log id
--         2 was stored before: last version, sequence of the last event, '<log id> <count>'; or
--           the version of one of its events, 0, '' where its id is not kept
--         3 not stored, the id was used for another stream: last version, 0, that stream
--         4 not stored, may have been stored before the ids that are kept: 0, sequence now, ''
--         0 not stored, the stream has another version: that version, 0, ''
--        -1 not stored, the stream's key can't be written: 0, 0, the error
-- Errors  (nothing is stored) WRONGEPOCH, WRONGHEAD, WRONGLOG, WRONGIDS, Redis's own such as OOM
--
-- There is no roll-back. So all keys are checked before they are written, and the write that Redis
-- may refuse (memory, disk, replicas) is the first: once one write is done the others are let through.
-- What costs here are calls, then texts that are built, then tables: hence one entry in the log for the
-- whole call, and the shortcuts for one event.
local log, head, ids, commits = KEYS[1], KEYS[2], KEYS[3], #KEYS - 4
local call, pcall, format = redis.call, redis.pcall, string.format -- '%d': .. would print 1e+14
local state = pcall('HMGET', head, 'epoch', 'sequence', 'window')
if state.err then return redis.error_reply('WRONGHEAD ' .. state.err) end
if state[1] ~= ARGV[1] then
  return redis.error_reply('WRONGEPOCH expected=' .. ARGV[1] .. ' actual=' .. tostring(state[1]))
end
local length = pcall('XLEN', log)
if type(length) == 'table' then return redis.error_reply('WRONGLOG ' .. length.err) end

-- Where each id was stored: the id of its entry in the log.
local window, young, old = tonumber(state[3] or 0)
if window > 0 then
  young = pcall('HMGET', ids, unpack(ARGV, 3, 2 + commits))
  old = young.err and young or pcall('HMGET', KEYS[4], unpack(ARGV, 3, 2 + commits))
  if old.err then return redis.error_reply('WRONGIDS ' .. old.err) end
end

-- Not XLEN: events may have been archived away.
local function last(stream)
  local info = pcall('XINFO', 'STREAM', stream)
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then return tonumber(string.match(info[i + 1], '^%d+')) end
  end
  return 0
end

local function stored_at(stream, version, commit)
  local id = format('%d-0', version)
  local entry = call('XRANGE', stream, id, id)[1]
  return entry and entry[2][2] == commit
end

-- The references of an entry of the log: name of the stream, first version, count, sequence of the first.
local entries = {}
local function references(id)
  if not entries[id] then
    local entry, found = call('XRANGE', log, id, id)[1], {}
    local start, lines = string.match(entry and entry[2][2] or '', '^(%d+)|(.*)')
    for name, first, count in string.gmatch(lines or '', '([^\n]*)|(%d+)|(%d+)|[^|\n]*') do
      found[#found + 1] = { name = name, first = tonumber(first), count = tonumber(count), start = start }
      start = start + count
    end
    entries[id] = found
  end
  return entries[id]
end

-- Last version and number of events of a commit, if it is among those that a reference is for. Commits
-- come again many at a time, so all that are there are noted.
local function find(commit, reference)
  local spans = reference.spans
  if not spans then
    spans = {}
    -- The stream may be another one than those of this call; its key is in the same slot.
    local events = pcall('XRANGE', string.sub(log, 1, -4) .. 's:' .. reference.name, format('%d', reference.first),
      format('%d', reference.first + reference.count - 1))
    for i = 1, #events do
      local c = events[i][2][2]
      spans[c] = { last = tonumber(string.match(events[i][1], '^%d+')), count = 1 + (spans[c] and spans[c].count or 0) }
    end
    reference.spans = spans
  end
  return spans[commit]
end

-- Fills in where a commit was stored whose id is kept.
local function seen_before(value, commit, stream, results, slot)
  local own, log_id = string.sub(stream, #log), string.match(value, '^%d+%-%d+$')
  local among = log_id and references(log_id) or {}
  for pass = 1, 2 do
    for _, reference in ipairs(among) do
      local span = (reference.name == own) == (pass == 1) and find(commit, reference)
      if span then
        results[slot - 2] = span.last
        if pass == 1 then
          results[slot - 3], results[slot - 1] = 2, reference.start + span.last - reference.first
          results[slot] = log_id .. ' ' .. span.count
        else
          results[slot - 3], results[slot] = 3, reference.name
        end
        return
      end
    end
  end
  results[slot - 3], results[slot] = 3, 'one that the log has forgotten'
end

local sequence = tonumber(state[2])
local before = sequence
local results = { 0, 0, 0, '' }
-- The reference that the log gets for adjacent commits to one stream: version and sequence of the first
-- event, last version, last commit; complete runs of names, the current run. Then all references, and
-- the names of the last one, which the next leaves out where they are the same.
local reference, first, start, reached, newest, names, name, run
local lines, line, named
local a = 3 + commits

for k = 1, commits + 1 do
  local stream = KEYS[4 + k]
  if reference and stream ~= reference then
    if run > 1 then name = name .. '*' .. run end
    if names then name = names .. name end
    if line then
      lines = lines or {}
      lines[#lines + 1] = line
    end
    -- The key's name without '<namespace>:{p}:s:', which is as long as the log's key less one.
    line = string.sub(reference, #log) .. '|' .. first
      .. (start == sequence and '|1|' or '|' .. sequence - start + 1 .. '|') .. (name == named and '' or name)
    named = name
    reference = nil
  end
  if not stream then break end

  local slot, commit, version, count, metadata = 4 * k, ARGV[2 + k], ARGV[a], ARGV[a + 1], ARGV[a + 2]
  local events = count == '1' and 1 or tonumber(count)
  local outcome, answer, at, text, followed, expected = 1, 0, 0, '', nil, nil
  results[slot - 3], results[slot - 2], results[slot - 1], results[slot] = outcome, answer, at, text

  local value = young and (young[k] or old[k])
  if value then
    outcome = 2
    seen_before(value, commit, stream, results, slot)
  elseif version == '1' then
    expected = 0 -- XADD tells
  else
    local actual = reference and reached or pcall('XLEN', stream)
    expected = tonumber(version)
    if type(actual) == 'table' then
      outcome, text = -1, actual.err
    elseif expected then
      expected = expected - 1
    elseif string.byte(version) == 42 then -- '*'
      local known, oldest = tonumber(string.sub(version, 2)), nil
      if young then
        oldest = call('HGET', KEYS[4], '') or call('HGET', ids, '')
        oldest = oldest and tonumber(string.match(oldest, '^%d+')) or before
      end
      local entries = call('XREVRANGE', stream, '+', '-', 'COUNT', oldest and 1 or ARGV[2])
      expected = entries[1] and tonumber(string.match(entries[1][1], '^%d+')) or last(stream)
      actual = expected
      for _, entry in ipairs(entries) do
        if entry[2][2] == commit then
          outcome, answer = 2, tonumber(string.match(entry[1], '^%d+'))
          break
        end
      end
      if outcome == 1 and oldest and known < oldest then outcome, at = 4, sequence end
      version = format('%d', expected + 1)
    else
      expected, followed = string.match(version, '^(%d+):(.*)$')
      version, expected = expected, tonumber(expected) - 1
    end
    if outcome == 1 and actual ~= expected then
      actual = last(stream)
      if actual > expected and stored_at(stream, expected + 1, commit) then
        outcome, answer = 2, expected + 1
      elseif actual ~= expected then
        outcome, answer = 0, actual
      end
    end
    if outcome == 1 and followed then
      local behind
      if reference then behind = newest == followed else behind = stored_at(stream, expected, followed) end
      if not behind then outcome, answer = 0, expected end
    end
  end

  local i, e = 1, a + 3
  while outcome == 1 and i <= events do
    local added = pcall('XADD', stream, i == 1 and version .. '-0' or format('%d-0', expected + i),
      'c', commit, 't', ARGV[e], 'm', metadata, 'd', ARGV[e + 1])
    if type(added) ~= 'table' then
      i, e = i + 1, e + 2
    elseif string.find(added.err, 'equal or smaller', 1, true) then -- there, or archived
      if stored_at(stream, expected + 1, commit) then
        outcome, answer = 2, expected + 1
      else
        outcome, answer = 0, last(stream)
      end
    elseif sequence > before or string.find(added.err, 'WRONGTYPE', 1, true) then
      outcome, text = -1, added.err
    else
      return added
    end
  end

  if outcome == 1 then
    if not reference then
      reference, first, start, names, name, run = stream, version, sequence + 1, nil, nil, 0
    end
    for event = a + 3, a + 1 + 2 * events, 2 do
      if name == ARGV[event] then
        run = run + 1
      else
        if name then names = (names or '') .. (run > 1 and name .. '*' .. run or name) .. ',' end
        name, run = ARGV[event], 1
      end
    end
    sequence, reached, newest = sequence + events, expected + events, commit
    results[slot - 2], results[slot - 1] = reached, sequence
  elseif outcome ~= 2 or answer > 0 then
    results[slot - 3], results[slot - 2], results[slot - 1], results[slot] = outcome, answer, at, text
  end
  a = a + 3 + 2 * events
end

if sequence == before then return results end
if lines then
  lines[#lines + 1] = line
  line = table.concat(lines, '\n')
end
local numbered = format('%d', sequence)
local log_id = call('XADD', log, '*', 'r', (sequence - before == 1 and numbered or format('%d', before + 1)) .. '|' .. line)
local kept, n = {}, 0
for k = 1, commits do
  if results[4 * k - 3] == 1 then
    results[4 * k] = log_id
    kept[n + 1], kept[n + 2], n = ARGV[2 + k], log_id, n + 2
  end
end
call('HSET', head, 'sequence', numbered, 'log', log_id)
if not young then return results end
call('HSET', ids, unpack(kept))
-- Counted now and then only. The marker tells since when the ids are complete; it is long because
-- Redis searches a hash of short values from its beginning while it has few.
local step = math.min(window, 64)
if math.floor(before / step) ~= math.floor(sequence / step) and call('HLEN', ids) > window then
  -- A node of a cluster whose slot moves away refuses every key that isn't there, such as ids would be:
  -- then later. All is stored by now, so nothing here may end in an error.
  local movable = type(pcall('HLEN', ids .. ':never')) == 'number'
  if movable and not pcall('RENAME', ids, KEYS[4]).err then
    pcall('HSET', ids, '', numbered .. ': since this sequence, for each id of a command the id of the log entry that refers to its events')
  end
end
return results
