-- Delivers entries of a log to a member of its group, unless another member holds entries of it. What others hold
-- and have not renewed for long goes to this one, in the order of the log.
-- KEYS    1 log
-- ARGV    1 group, 2 member, 3 ms after which what is held counts as abandoned, 4 id behind which what the member holds
--         comes again, 5 how many entries at most
-- Returns id of the log's last entry, the member that holds the log or '', entries
-- Errors  Redis's own such as NOGROUP
local log, group, member = KEYS[1], ARGV[1], ARGV[2]

local function others()
  local names, holder = {}, ''
  for _, consumer in ipairs(redis.call('XPENDING', log, group)[4] or {}) do
    if consumer[1] ~= member then
      names[consumer[1]], holder = true, consumer[1]
    end
  end
  return names, holder
end

local before, holder = others()
if holder ~= '' then
  local from = '0-0'
  repeat
    from = redis.call('XAUTOCLAIM', log, group, member, ARGV[3], from, 'COUNT', 1000, 'JUSTID')[1]
  until from == '0-0'
  local after
  after, holder = others()
  for name in pairs(before) do -- names are not used again: nothing else would remove them
    if not after[name] then redis.call('XGROUP', 'DELCONSUMER', log, group, name) end
  end
end

local last = redis.call('XREVRANGE', log, '+', '-', 'COUNT', 1)[1]
last = last and last[1] or '0-0'
-- What was claimed stands before what another one may still hold, so it may be handled.
local read = redis.call('XREADGROUP', 'GROUP', group, member, 'COUNT', ARGV[5], 'STREAMS', log, ARGV[4])
local entries = read and read[1] and read[1][2] or {}
if #entries == 0 and holder == '' then
  read = redis.call('XREADGROUP', 'GROUP', group, member, 'COUNT', ARGV[5], 'STREAMS', log, '>')
  entries = read and read[1] and read[1][2] or {}
end
return {last, holder, entries}
