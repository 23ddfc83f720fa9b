extension PydanticCases {
    static let floats = #"""
        float 1
        = 1.0
        float -0
        = 0.0
        float 0.0
        = 0.0
        float -0.0
        = -0.0
        float 1.5
        = 1.5
        float 1e3
        = 1000.0
        float 1E-7
        = 1e-07
        float 1e22
        = 1e+22
        float 123456789012345680
        = 1.2345678901234568e+17
        float 9007199254740993.0
        = 9007199254740992.0
        float 0.1
        = 0.1
        float true
        = 1.0
        float null
        [{"type":"float_type","loc":["body"],"msg":"Input should be a valid number","input":null}]
        float []
        [{"type":"float_type","loc":["body"],"msg":"Input should be a valid number","input":[]}]
        float {}
        [{"type":"float_type","loc":["body"],"msg":"Input should be a valid number","input":{}}]
        float "1"
        = 1.0
        float "1.5"
        = 1.5
        float " 1.5 "
        = 1.5
        float "+1.5"
        = 1.5
        float ".5"
        = 0.5
        float "5."
        = 5.0
        float "."
        [{"type":"float_parsing","loc":["body"],"msg":"Input should be a valid number, unable to parse string as a number","input":"."}]
        float "1e5"
        = 100000.0
        float "1e"
        [{"type":"float_parsing","loc":["body"],"msg":"Input should be a valid number, unable to parse string as a number","input":"1e"}]
        float "1_0.5"
        = 10.5
        float "1__0"
        [{"type":"float_parsing","loc":["body"],"msg":"Input should be a valid number, unable to parse string as a number","input":"1__0"}]
        float " 1_0 "
        [{"type":"float_parsing","loc":["body"],"msg":"Input should be a valid number, unable to parse string as a number","input":" 1_0 "}]
        float "_1"
        [{"type":"float_parsing","loc":["body"],"msg":"Input should be a valid number, unable to parse string as a number","input":"_1"}]
        float "abc"
        [{"type":"float_parsing","loc":["body"],"msg":"Input should be a valid number, unable to parse string as a number","input":"abc"}]
        float ""
        [{"type":"float_parsing","loc":["body"],"msg":"Input should be a valid number, unable to parse string as a number","input":""}]
        float "0x1p3"
        [{"type":"float_parsing","loc":["body"],"msg":"Input should be a valid number, unable to parse string as a number","input":"0x1p3"}]
        float "１.5"
        [{"type":"float_parsing","loc":["body"],"msg":"Input should be a valid number, unable to parse string as a number","input":"１.5"}]
        float "- 1"
        [{"type":"float_parsing","loc":["body"],"msg":"Input should be a valid number, unable to parse string as a number","input":"- 1"}]
        float 18446744073709551616
        = 1.8446744073709552e+19
        float 9405600683854826.0
        = 9405600683854826.0
        float 1e15
        = 1000000000000000.0
        float 1e16
        = 1e+16
        float 0.0001
        = 0.0001
        float 0.00001
        = 1e-05
        floatc 0.5
        = 0.5
        floatc "9.5"
        = 9.5
        floatc 0
        [{"type":"greater_than","loc":["body"],"msg":"Input should be greater than 0","input":0,"ctx":{"gt":0.0}}]
        floatc -1
        [{"type":"greater_than","loc":["body"],"msg":"Input should be greater than 0","input":-1,"ctx":{"gt":0.0}}]
        floatc 10
        [{"type":"less_than","loc":["body"],"msg":"Input should be less than 10","input":10,"ctx":{"lt":10.0}}]
        floatc 10.5
        [{"type":"less_than","loc":["body"],"msg":"Input should be less than 10","input":10.5,"ctx":{"lt":10.0}}]
        floatc 0.3
        [{"type":"multiple_of","loc":["body"],"msg":"Input should be a multiple of 0.5","input":0.3,"ctx":{"multiple_of":0.5}}]
        floatc 0.5000000001
        = 0.5000000001
        floatc 0.50000001
        [{"type":"multiple_of","loc":["body"],"msg":"Input should be a multiple of 0.5","input":0.50000001,"ctx":{"multiple_of":0.5}}]
        floatc "inf"
        [{"type":"less_than","loc":["body"],"msg":"Input should be less than 10","input":"inf","ctx":{"lt":10.0}}]
        floatc "nan"
        [{"type":"less_than","loc":["body"],"msg":"Input should be less than 10","input":"nan","ctx":{"lt":10.0}}]
        floatc true
        = 1.0
        floatc null
        [{"type":"float_type","loc":["body"],"msg":"Input should be a valid number","input":null}]
        floatd 0.5
        = 0.5
        floatd 0.3
        [{"type":"greater_than_equal","loc":["body"],"msg":"Input should be greater than or equal to 0.5","input":0.3,"ctx":{"ge":0.5}}]
        floatd 1.1
        = 1.1
        floatd 0.49
        [{"type":"multiple_of","loc":["body"],"msg":"Input should be a multiple of 0.1","input":0.49,"ctx":{"multiple_of":0.1}}]
        floatd 1e21
        [{"type":"less_than_equal","loc":["body"],"msg":"Input should be less than or equal to 100000000000000000000","input":1e+21,"ctx":{"le":1e+20}}]
        floatd 2.0000000001
        = 2.0000000001
        floatd 2.00000001
        [{"type":"multiple_of","loc":["body"],"msg":"Input should be a multiple of 0.1","input":2.00000001,"ctx":{"multiple_of":0.1}}]
        floatd 123456789.123
        [{"type":"multiple_of","loc":["body"],"msg":"Input should be a multiple of 0.1","input":123456789.123,"ctx":{"multiple_of":0.1}}]
        """#
}
