-- Renews what a member of a log's group holds; or lets others have it at once, and forgets a member that holds
-- nothing.
-- KEYS    1 log
-- ARGV    1 group, 2 member, 3 for how many ms it is to count as not renewed: 0 renews it
-- Returns ids that the member holds
-- Errors  Redis's own such as NOGROUP
--
-- Plain XCLAIM would take back what another member has claimed in the meantime.
local held, from = {}, '-'
repeat
  local page = redis.call('XPENDING', KEYS[1], ARGV[1], from, '+', 1000, ARGV[2])
  for _, pending in ipairs(page) do
    redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, pending[1], 'IDLE', ARGV[3], 'JUSTID')
    held[#held + 1] = pending[1]
    from = '(' .. pending[1]
  end
until #page < 1000
if #held == 0 and ARGV[3] ~= '0' then redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2]) end
return held
