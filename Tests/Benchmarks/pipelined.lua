-- GET of the given path, DEPTH requests a write: wrk -s pipelined.lua URL -- DEPTH
local batch

function init(args)
    local depth = tonumber(args[1]) or 16
    batch = string.rep(wrk.format("GET"), depth)
end

function request()
    return batch
end
