-- Sees to it that a partition keeps at least so many command ids. It never lowers the number: another
-- process may rely on it.
-- KEYS    1 head, 2 ids
-- ARGV    1 how many ids, at least 1
-- Returns how many ids it keeps now
local window = tonumber(redis.call('HGET', KEYS[1], 'window') or 0)
if window >= tonumber(ARGV[1]) then return window end
redis.call('HSET', KEYS[1], 'window', ARGV[1])
-- The same marker as in append.lua: the ids are complete since this sequence.
redis.call('HSETNX', KEYS[2], '',
  redis.call('HGET', KEYS[1], 'sequence')
    .. ': since this sequence, for each id of a command the id of the log entry that refers to its events')
return tonumber(ARGV[1])
