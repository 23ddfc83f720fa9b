-- GET /comments/{id} of a random id: wrk -s comment.lua URL -- ROWS
local requests = {}

function init(args)
    for id = 1, tonumber(args[1]) or 10000 do
        requests[id] = wrk.format("GET", "/comments/" .. id)
    end
    math.randomseed(os.time())
end

function request()
    return requests[math.random(#requests)]
end
