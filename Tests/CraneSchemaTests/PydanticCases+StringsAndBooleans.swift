extension PydanticCases {
    static let stringsAndBooleans = #"""
        bool true
        = true
        bool false
        = false
        bool 1
        = true
        bool 0
        = false
        bool 2
        [{"type":"bool_parsing","loc":["body"],"msg":"Input should be a valid boolean, unable to interpret input","input":2}]
        bool -1
        [{"type":"bool_parsing","loc":["body"],"msg":"Input should be a valid boolean, unable to interpret input","input":-1}]
        bool 1.0
        = true
        bool 0.0
        = false
        bool 0.5
        [{"type":"bool_type","loc":["body"],"msg":"Input should be a valid boolean","input":0.5}]
        bool 2.0
        [{"type":"bool_parsing","loc":["body"],"msg":"Input should be a valid boolean, unable to interpret input","input":2.0}]
        bool null
        [{"type":"bool_type","loc":["body"],"msg":"Input should be a valid boolean","input":null}]
        bool []
        [{"type":"bool_type","loc":["body"],"msg":"Input should be a valid boolean","input":[]}]
        bool {}
        [{"type":"bool_type","loc":["body"],"msg":"Input should be a valid boolean","input":{}}]
        bool "true"
        = true
        bool "FALSE"
        = false
        bool "t"
        = true
        bool "F"
        = false
        bool "yes"
        = true
        bool "No"
        = false
        bool "y"
        = true
        bool "n"
        = false
        bool "on"
        = true
        bool "OFF"
        = false
        bool "1"
        = true
        bool "0"
        = false
        bool "2"
        [{"type":"bool_parsing","loc":["body"],"msg":"Input should be a valid boolean, unable to interpret input","input":"2"}]
        bool ""
        [{"type":"bool_parsing","loc":["body"],"msg":"Input should be a valid boolean, unable to interpret input","input":""}]
        bool " true "
        [{"type":"bool_parsing","loc":["body"],"msg":"Input should be a valid boolean, unable to interpret input","input":" true "}]
        bool "enabled"
        [{"type":"bool_parsing","loc":["body"],"msg":"Input should be a valid boolean, unable to interpret input","input":"enabled"}]
        bool 18446744073709551616
        [{"type":"bool_type","loc":["body"],"msg":"Input should be a valid boolean","input":18446744073709551616}]
        str "a"
        = "a"
        str ""
        = ""
        str "\u00e9"
        = "é"
        str "\ud83d\ude00"
        = "😀"
        str "tab\t quote\" slash\/ back\\"
        = "tab\t quote\" slash/ back\\"
        str "\u0000\u001f\u2028"
        = "\u0000\u001f "
        str 1
        [{"type":"string_type","loc":["body"],"msg":"Input should be a valid string","input":1}]
        str 1.5
        [{"type":"string_type","loc":["body"],"msg":"Input should be a valid string","input":1.5}]
        str true
        [{"type":"string_type","loc":["body"],"msg":"Input should be a valid string","input":true}]
        str null
        [{"type":"string_type","loc":["body"],"msg":"Input should be a valid string","input":null}]
        str []
        [{"type":"string_type","loc":["body"],"msg":"Input should be a valid string","input":[]}]
        str {}
        [{"type":"string_type","loc":["body"],"msg":"Input should be a valid string","input":{}}]
        str ["a"]
        [{"type":"string_type","loc":["body"],"msg":"Input should be a valid string","input":["a"]}]
        strc "ab"
        = "ab"
        strc "abcd"
        = "abcd"
        strc "a"
        [{"type":"string_too_short","loc":["body"],"msg":"String should have at least 2 characters","input":"a","ctx":{"min_length":2}}]
        strc "abcde"
        [{"type":"string_too_long","loc":["body"],"msg":"String should have at most 4 characters","input":"abcde","ctx":{"max_length":4}}]
        strc "AB"
        [{"type":"string_pattern_mismatch","loc":["body"],"msg":"String should match pattern '^[a-z]+$'","input":"AB","ctx":{"pattern":"^[a-z]+$"}}]
        strc "é"
        [{"type":"string_too_short","loc":["body"],"msg":"String should have at least 2 characters","input":"é","ctx":{"min_length":2}}]
        strc "éééé"
        [{"type":"string_pattern_mismatch","loc":["body"],"msg":"String should match pattern '^[a-z]+$'","input":"éééé","ctx":{"pattern":"^[a-z]+$"}}]
        strc "😀😀"
        [{"type":"string_pattern_mismatch","loc":["body"],"msg":"String should match pattern '^[a-z]+$'","input":"😀😀","ctx":{"pattern":"^[a-z]+$"}}]
        strc "ab1"
        [{"type":"string_pattern_mismatch","loc":["body"],"msg":"String should match pattern '^[a-z]+$'","input":"ab1","ctx":{"pattern":"^[a-z]+$"}}]
        strc "1"
        [{"type":"string_too_short","loc":["body"],"msg":"String should have at least 2 characters","input":"1","ctx":{"min_length":2}}]
        strc 1
        [{"type":"string_type","loc":["body"],"msg":"Input should be a valid string","input":1}]
        strc ""
        [{"type":"string_too_short","loc":["body"],"msg":"String should have at least 2 characters","input":"","ctx":{"min_length":2}}]
        strc "ab\n"
        [{"type":"string_pattern_mismatch","loc":["body"],"msg":"String should match pattern '^[a-z]+$'","input":"ab\n","ctx":{"pattern":"^[a-z]+$"}}]
        str1 "a"
        = "a"
        str1 ""
        [{"type":"string_too_short","loc":["body"],"msg":"String should have at least 1 character","input":"","ctx":{"min_length":1}}]
        str1 "ab"
        [{"type":"string_too_long","loc":["body"],"msg":"String should have at most 1 character","input":"ab","ctx":{"max_length":1}}]
        str1 "😀"
        = "😀"
        str1 "é"
        = "é"
        str1 "e\u0301"
        [{"type":"string_too_long","loc":["body"],"msg":"String should have at most 1 character","input":"é","ctx":{"max_length":1}}]
        str1 null
        [{"type":"string_type","loc":["body"],"msg":"Input should be a valid string","input":null}]
        """#
}
