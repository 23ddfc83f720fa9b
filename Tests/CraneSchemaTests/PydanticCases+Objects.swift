extension PydanticCases {
    static let objects = #"""
        cc {"talk_id":1,"user_ip":"1.1.1.1","comment_text":"hi"}
        = {"talk_id":1,"user_ip":"1.1.1.1","comment_text":"hi"}
        cc {"comment_text":"hi","user_ip":"1.1.1.1","talk_id":1}
        = {"talk_id":1,"user_ip":"1.1.1.1","comment_text":"hi"}
        cc {"talk_id":"7","user_ip":"é","comment_text":"\u00e9","more":{"a":[1,{"b":null}]}}
        = {"talk_id":7,"user_ip":"é","comment_text":"é"}
        cc {}
        [{"type":"missing","loc":["body","talk_id"],"msg":"Field required","input":{}},{"type":"missing","loc":["body","user_ip"],"msg":"Field required","input":{}},{"type":"missing","loc":["body","comment_text"],"msg":"Field required","input":{}}]
        cc []
        [{"type":"model_attributes_type","loc":["body"],"msg":"Input should be a valid dictionary or object to extract fields from","input":[]}]
        cc "text"
        [{"type":"model_attributes_type","loc":["body"],"msg":"Input should be a valid dictionary or object to extract fields from","input":"text"}]
        cc 1
        [{"type":"model_attributes_type","loc":["body"],"msg":"Input should be a valid dictionary or object to extract fields from","input":1}]
        cc null
        [{"type":"model_attributes_type","loc":["body"],"msg":"Input should be a valid dictionary or object to extract fields from","input":null}]
        cc {"talk_id":null,"user_ip":null,"comment_text":null}
        [{"type":"int_type","loc":["body","talk_id"],"msg":"Input should be a valid integer","input":null},{"type":"string_type","loc":["body","user_ip"],"msg":"Input should be a valid string","input":null},{"type":"string_type","loc":["body","comment_text"],"msg":"Input should be a valid string","input":null}]
        cc {"talk_id":"x","user_ip":5,"comment_text":""}
        [{"type":"int_parsing","loc":["body","talk_id"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"x"},{"type":"string_type","loc":["body","user_ip"],"msg":"Input should be a valid string","input":5},{"type":"string_too_short","loc":["body","comment_text"],"msg":"String should have at least 1 character","input":"","ctx":{"min_length":1}}]
        cc {"talk_id":1,"talk_id":"x","user_ip":"a","comment_text":"b"}
        [{"type":"int_parsing","loc":["body","talk_id"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"x"}]
        cc {"talk_id":"x","user_ip":"a","comment_text":"b","talk_id":2}
        = {"talk_id":2,"user_ip":"a","comment_text":"b"}
        cc {"talk\u005fid":7,"user_ip":"a","comment_text":"b"}
        = {"talk_id":7,"user_ip":"a","comment_text":"b"}
        cc {"TALK_ID":1,"x":1.0,"y":1e2,"z":"\u0041\n","big":18446744073709551616}
        [{"type":"missing","loc":["body","talk_id"],"msg":"Field required","input":{"TALK_ID":1,"x":1.0,"y":100.0,"z":"A\n","big":18446744073709551616}},{"type":"missing","loc":["body","user_ip"],"msg":"Field required","input":{"TALK_ID":1,"x":1.0,"y":100.0,"z":"A\n","big":18446744073709551616}},{"type":"missing","loc":["body","comment_text"],"msg":"Field required","input":{"TALK_ID":1,"x":1.0,"y":100.0,"z":"A\n","big":18446744073709551616}}]
        cc {"talk_id":1,"user_ip":"ééééééééééééééééééééééééééééééééééééééééééééé","comment_text":"x"}
        = {"talk_id":1,"user_ip":"ééééééééééééééééééééééééééééééééééééééééééééé","comment_text":"x"}
        cc {"talk_id":1,"user_ip":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","comment_text":"x"}
        [{"type":"string_too_long","loc":["body","user_ip"],"msg":"String should have at most 45 characters","input":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","ctx":{"max_length":45}}]
        n {"a":1,"b":null,"color":"red","pet":{"kind":"cat"},"at":"2020-01-01T00:00:00Z","any":null}
        = {"a":1,"b":null,"c":null,"cat":null,"cats":[],"d":{},"color":"red","color2":"red","pet":{"kind":"cat","lives":9},"at":"2020-01-01T00:00:00.000000Z","f":1.5,"any":null}
        n {"any":{"z":[1,2.0,"\u00e9"]},"at":0,"pet":{"kind":"dog","name":"n"},"color2":"blue","color":"red","b":"2","a":true,"cats":[{"kind":"cat","lives":1}],"d":{"k":{"kind":"cat"}},"cat":{"kind":"cat"},"c":5,"f":"2.5"}
        = {"a":1,"b":2,"c":5,"cat":{"kind":"cat","lives":9},"cats":[{"kind":"cat","lives":1}],"d":{"k":{"kind":"cat","lives":9}},"color":"red","color2":"blue","pet":{"kind":"dog","name":"n"},"at":"1970-01-01T00:00:00.000000Z","f":2.5,"any":{"z":[1,2.0,"é"]}}
        n {"a":1,"b":null,"color":"green","pet":{"kind":"cat","lives":-1},"at":"x","any":[],"d":{"k":{"lives":"z"}},"cats":[{"kind":"cat"},{"kind":"dog"},3],"cat":{},"f":11}
        [{"type":"missing","loc":["body","cat","kind"],"msg":"Field required","input":{}},{"type":"literal_error","loc":["body","cats",1,"kind"],"msg":"Input should be 'cat'","input":"dog","ctx":{"expected":"'cat'"}},{"type":"model_attributes_type","loc":["body","cats",2],"msg":"Input should be a valid dictionary or object to extract fields from","input":3},{"type":"missing","loc":["body","d","k","kind"],"msg":"Field required","input":{"lives":"z"}},{"type":"int_parsing","loc":["body","d","k","lives"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"z"},{"type":"enum","loc":["body","color"],"msg":"Input should be 'red' or 'blue'","input":"green","ctx":{"expected":"'red' or 'blue'"}},{"type":"greater_than","loc":["body","pet","cat","lives"],"msg":"Input should be greater than 0","input":-1,"ctx":{"gt":0}},{"type":"datetime_from_date_parsing","loc":["body","at"],"msg":"Input should be a valid datetime or date, input is too short","input":"x","ctx":{"error":"input is too short"}},{"type":"less_than","loc":["body","f"],"msg":"Input should be less than 10","input":11,"ctx":{"lt":10.0}}]
        n {}
        [{"type":"missing","loc":["body","a"],"msg":"Field required","input":{}},{"type":"missing","loc":["body","b"],"msg":"Field required","input":{}},{"type":"missing","loc":["body","color"],"msg":"Field required","input":{}},{"type":"missing","loc":["body","pet"],"msg":"Field required","input":{}},{"type":"missing","loc":["body","at"],"msg":"Field required","input":{}},{"type":"missing","loc":["body","any"],"msg":"Field required","input":{}}]
        n {"a":[],"b":{},"c":"","cat":0,"cats":{},"d":[],"color":0,"color2":null,"pet":0,"at":[],"f":"x"}
        [{"type":"int_type","loc":["body","a"],"msg":"Input should be a valid integer","input":[]},{"type":"int_type","loc":["body","b"],"msg":"Input should be a valid integer","input":{}},{"type":"int_parsing","loc":["body","c"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":""},{"type":"model_attributes_type","loc":["body","cat"],"msg":"Input should be a valid dictionary or object to extract fields from","input":0},{"type":"list_type","loc":["body","cats"],"msg":"Input should be a valid list","input":{}},{"type":"dict_type","loc":["body","d"],"msg":"Input should be a valid dictionary","input":[]},{"type":"enum","loc":["body","color"],"msg":"Input should be 'red' or 'blue'","input":0,"ctx":{"expected":"'red' or 'blue'"}},{"type":"enum","loc":["body","color2"],"msg":"Input should be 'red' or 'blue'","input":null,"ctx":{"expected":"'red' or 'blue'"}},{"type":"model_attributes_type","loc":["body","pet"],"msg":"Input should be a valid dictionary or object to extract fields from","input":0},{"type":"datetime_type","loc":["body","at"],"msg":"Input should be a valid datetime","input":[]},{"type":"float_parsing","loc":["body","f"],"msg":"Input should be a valid number, unable to parse string as a number","input":"x"},{"type":"missing","loc":["body","any"],"msg":"Field required","input":{"a":[],"b":{},"c":"","cat":0,"cats":{},"d":[],"color":0,"color2":null,"pet":0,"at":[],"f":"x"}}]
        """#
}
