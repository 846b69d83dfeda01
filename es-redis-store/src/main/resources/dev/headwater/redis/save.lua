-- Keeps the snapshot of an aggregate, unless one of the same schema and a later event is there.
-- KEYS    1 snapshot, 2 stream
-- ARGV    1 version, 2 schema, 3 commit id of the event at that version, 4 state
-- Returns 1 kept, 0 not: such a one is there, or the stream does not have the event
-- Errors  Redis's own such as OOM
local function has(version, commit)
  local entry = redis.call('XRANGE', KEYS[2], version .. '-0', version .. '-0')[1]
  return entry and entry[2][2] == commit
end
if not has(ARGV[1], ARGV[3]) then return 0 end

local kept = redis.pcall('GET', KEYS[1]) or ''
if type(kept) == 'table' then
  if not string.find(kept.err, 'WRONGTYPE', 1, true) then return kept end
  kept = ''
end
local version, schema, commit = string.match(kept, '^(%d+) (%S+) ([^\n]*)\n')
if schema == ARGV[2] and tonumber(version) > tonumber(ARGV[1]) and has(version, commit) then return 0 end

redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. ARGV[2] .. ' ' .. ARGV[3] .. '\n' .. ARGV[4])
return 1
