-- KEYS: live. ARGV: until when, at most how many. Takes out those that were due by then. Answers how many there were, and
-- of each that was live until then: name, reason, user, summary, the latter unless Redis has forgotten them. What is
-- past its absolute end is forgotten.
local passed = {}
local names = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
for _, name in ipairs(names) do
  local session = PREFIX .. 'session:' .. name
  local record = redis.call('HMGET', session, 'user', 'about', 'expires', 'ended')
  local user, about, expires, ended = unpack(record, 1, 4)
  redis.call('ZREM', KEYS[1], name)
  if not ended then
    local is_over = not expires or not before(ARGV[1], expires)
    passed[#passed + 1] = { name, is_over and 'absolute-timeout' or 'idle-timeout', user, about }
    if is_over and user then
      redis.call('DEL', session)
      redis.call('ZREM', PREFIX .. 'user:' .. user, name)
    end
  end
end
return { #names, passed }
