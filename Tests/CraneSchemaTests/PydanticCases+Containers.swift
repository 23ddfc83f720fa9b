extension PydanticCases {
    static let containers = #"""
        opt null
        = null
        opt 1
        = 1
        opt "2"
        = 2
        opt "x"
        [{"type":"int_parsing","loc":["body"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"x"}]
        opt []
        [{"type":"int_type","loc":["body"],"msg":"Input should be a valid integer","input":[]}]
        list []
        = []
        list [1,"2",3.0,true]
        = [1,2,3,1]
        list ["a",1,null,[]]
        [{"type":"int_parsing","loc":["body",0],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"a"},{"type":"int_type","loc":["body",2],"msg":"Input should be a valid integer","input":null},{"type":"int_type","loc":["body",3],"msg":"Input should be a valid integer","input":[]}]
        list {}
        [{"type":"list_type","loc":["body"],"msg":"Input should be a valid list","input":{}}]
        list "ab"
        [{"type":"list_type","loc":["body"],"msg":"Input should be a valid list","input":"ab"}]
        list null
        [{"type":"list_type","loc":["body"],"msg":"Input should be a valid list","input":null}]
        list 1
        [{"type":"list_type","loc":["body"],"msg":"Input should be a valid list","input":1}]
        list23 [1]
        [{"type":"too_short","loc":["body"],"msg":"List should have at least 2 items after validation, not 1","input":[1],"ctx":{"field_type":"List","min_length":2,"actual_length":1}}]
        list23 [1,2]
        = [1,2]
        list23 [1,2,3,4]
        [{"type":"too_long","loc":["body"],"msg":"List should have at most 3 items after validation, not 4","input":[1,2,3,4],"ctx":{"field_type":"List","max_length":3,"actual_length":4}}]
        list23 ["a"]
        [{"type":"int_parsing","loc":["body",0],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"a"}]
        list23 ["a",2]
        [{"type":"int_parsing","loc":["body",0],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"a"}]
        list23 ["a","b","c","d"]
        [{"type":"too_long","loc":["body"],"msg":"List should have at most 3 items after validation, not 4","input":["a","b","c","d"],"ctx":{"field_type":"List","max_length":3,"actual_length":4}}]
        dict {}
        = {}
        dict {"a":"1","b":2.0}
        = {"a":1,"b":2}
        dict {"a":"x","b":null}
        [{"type":"int_parsing","loc":["body","a"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"x"},{"type":"int_type","loc":["body","b"],"msg":"Input should be a valid integer","input":null}]
        dict []
        [{"type":"dict_type","loc":["body"],"msg":"Input should be a valid dictionary","input":[]}]
        dict null
        [{"type":"dict_type","loc":["body"],"msg":"Input should be a valid dictionary","input":null}]
        dict {"a":1,"a":"x"}
        [{"type":"int_parsing","loc":["body","a"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"x"}]
        dict12 {}
        [{"type":"too_short","loc":["body"],"msg":"Dictionary should have at least 1 item after validation, not 0","input":{},"ctx":{"field_type":"Dictionary","min_length":1,"actual_length":0}}]
        dict12 {"a":1}
        = {"a":1}
        dict12 {"a":1,"b":2,"c":3}
        [{"type":"too_long","loc":["body"],"msg":"Dictionary should have at most 2 items after validation, not more","input":{"a":1,"b":2,"c":3},"ctx":{"field_type":"Dictionary","max_length":2,"actual_length":null}}]
        dict12 {"a":"x","b":1,"c":2}
        [{"type":"int_parsing","loc":["body","a"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"x"}]
        dict12 {"a":"x","b":1,"c":2,"d":3}
        [{"type":"too_long","loc":["body"],"msg":"Dictionary should have at most 2 items after validation, not more","input":{"a":"x","b":1,"c":2,"d":3},"ctx":{"field_type":"Dictionary","max_length":2,"actual_length":null}}]
        color "red"
        = "red"
        color "Red"
        [{"type":"enum","loc":["body"],"msg":"Input should be 'red' or 'blue'","input":"Red","ctx":{"expected":"'red' or 'blue'"}}]
        color ""
        [{"type":"enum","loc":["body"],"msg":"Input should be 'red' or 'blue'","input":"","ctx":{"expected":"'red' or 'blue'"}}]
        color 1
        [{"type":"enum","loc":["body"],"msg":"Input should be 'red' or 'blue'","input":1,"ctx":{"expected":"'red' or 'blue'"}}]
        color null
        [{"type":"enum","loc":["body"],"msg":"Input should be 'red' or 'blue'","input":null,"ctx":{"expected":"'red' or 'blue'"}}]
        color []
        [{"type":"enum","loc":["body"],"msg":"Input should be 'red' or 'blue'","input":[],"ctx":{"expected":"'red' or 'blue'"}}]
        c3 "x"
        [{"type":"enum","loc":["body"],"msg":"Input should be 'red', 'blue' or \"it's\"","input":"x","ctx":{"expected":"'red', 'blue' or \"it's\""}}]
        c3 "it's"
        = "it's"
        lit "a"
        = "a"
        lit "c"
        [{"type":"literal_error","loc":["body"],"msg":"Input should be 'a' or 'b'","input":"c","ctx":{"expected":"'a' or 'b'"}}]
        lit 1
        [{"type":"literal_error","loc":["body"],"msg":"Input should be 'a' or 'b'","input":1,"ctx":{"expected":"'a' or 'b'"}}]
        lit null
        [{"type":"literal_error","loc":["body"],"msg":"Input should be 'a' or 'b'","input":null,"ctx":{"expected":"'a' or 'b'"}}]
        pet {"kind":"cat","lives":3}
        = {"kind":"cat","lives":3}
        pet {"lives":"4","kind":"cat"}
        = {"kind":"cat","lives":4}
        pet {"kind":"cat"}
        = {"kind":"cat","lives":9}
        pet {"kind":"dog","name":"Rex"}
        = {"kind":"dog","name":"Rex"}
        pet {"kind":"dog"}
        [{"type":"missing","loc":["body","dog","name"],"msg":"Field required","input":{"kind":"dog"}}]
        pet {"kind":"cat","lives":0}
        [{"type":"greater_than","loc":["body","cat","lives"],"msg":"Input should be greater than 0","input":0,"ctx":{"gt":0}}]
        pet {"kind":"x"}
        [{"type":"union_tag_invalid","loc":["body"],"msg":"Input tag 'x' found using 'kind' does not match any of the expected tags: 'cat', 'dog'","input":{"kind":"x"},"ctx":{"discriminator":"'kind'","tag":"x","expected_tags":"'cat', 'dog'"}}]
        pet {"kind":1.0}
        [{"type":"union_tag_invalid","loc":["body"],"msg":"Input tag '1.0' found using 'kind' does not match any of the expected tags: 'cat', 'dog'","input":{"kind":1.0},"ctx":{"discriminator":"'kind'","tag":"1.0","expected_tags":"'cat', 'dog'"}}]
        pet {"kind":true}
        [{"type":"union_tag_invalid","loc":["body"],"msg":"Input tag 'True' found using 'kind' does not match any of the expected tags: 'cat', 'dog'","input":{"kind":true},"ctx":{"discriminator":"'kind'","tag":"True","expected_tags":"'cat', 'dog'"}}]
        pet {"kind":null}
        [{"type":"union_tag_invalid","loc":["body"],"msg":"Input tag 'None' found using 'kind' does not match any of the expected tags: 'cat', 'dog'","input":{"kind":null},"ctx":{"discriminator":"'kind'","tag":"None","expected_tags":"'cat', 'dog'"}}]
        pet {"kind":["a",{"b":null}]}
        [{"type":"union_tag_invalid","loc":["body"],"msg":"Input tag '['a', {'b': None}]' found using 'kind' does not match any of the expected tags: 'cat', 'dog'","input":{"kind":["a",{"b":null}]},"ctx":{"discriminator":"'kind'","tag":"['a', {'b': None}]","expected_tags":"'cat', 'dog'"}}]
        pet {"lives":1}
        [{"type":"union_tag_not_found","loc":["body"],"msg":"Unable to extract tag using discriminator 'kind'","input":{"lives":1},"ctx":{"discriminator":"'kind'"}}]
        pet []
        [{"type":"model_attributes_type","loc":["body"],"msg":"Input should be a valid dictionary or object to extract fields from","input":[]}]
        pet null
        [{"type":"model_attributes_type","loc":["body"],"msg":"Input should be a valid dictionary or object to extract fields from","input":null}]
        pet "cat"
        [{"type":"model_attributes_type","loc":["body"],"msg":"Input should be a valid dictionary or object to extract fields from","input":"cat"}]
        pet {"kind":"cat","kind":"dog","name":"z"}
        = {"kind":"dog","name":"z"}
        pet {"kind":"it's"}
        [{"type":"union_tag_invalid","loc":["body"],"msg":"Input tag 'it's' found using 'kind' does not match any of the expected tags: 'cat', 'dog'","input":{"kind":"it's"},"ctx":{"discriminator":"'kind'","tag":"it's","expected_tags":"'cat', 'dog'"}}]
        """#
}
