import Testing
import XML

@Suite("The canonical form")
struct CanonicalTests {
    @Test("is one for every layout")
    func oneForAll() throws {
        let form = "<a>\n  <b c=\"1\"/>\n  <!-- d -->\n  <e>\n    <f>g</f>\n  </e>\n</a>\n"
        for text in [
            form, "<?xml version='1.0'?><a><b c='1'/><!-- d --><e><f>g</f></e></a>",
            "<a>\n\n\t<b\n  c='1'></b><!-- d --> <e>\n<f>g</f></e>   </a>",
        ] {
            #expect(try Document(parsing: text).canonical() == form)
        }
    }

    @Test(
        "keeps words",
        arguments: [
            "<a>one <b>two</b> <c>three</c>\n four</a>\n",
            "<a>\n  <b> </b>\n  <b>  x  </b>\n  <b>\n</b>\n</a>\n",
            "<a>\n  <b><![CDATA[ <x> ]]></b>\n  <b> <![CDATA[y]]> </b>\n</a>\n",
            "<a>\n  <b xml:space=\"preserve\"> <c/> <d> <e/></d></b>\n</a>\n",
            "<a>\n  <b xml:space=\"preserve\"><c><d/></c></b>\n</a>\n",
            "<a>\n  <b>words<c> <d/> </c></b>\n</a>\n",
            "<a>é &lt; &amp; 🙂</a>\n",
        ])
    func keepsWords(text: String) throws {
        #expect(try Document(parsing: text).canonical() == text)
    }

    @Test("leaves the document alone")
    func leavesTheDocumentAlone() throws {
        let document = try Document(parsing: "<a>  <b/>\n\n</a>")
        _ = document.canonical()
        #expect(document.serialized() == "<a>  <b/>\n\n</a>")
    }

    @Test("of an element declares the namespaces it uses")
    func ofAnElement() throws {
        let document = try Document(parsing: "<a xmlns:q=\"urn:q\" xmlns:r=\"urn:r\">\n  <b>\n    <q:c/>\n  </b>\n</a>")
        #expect(document.root.first("b")?.canonical() == "<b xmlns:q=\"urn:q\">\n  <q:c/>\n</b>\n")
    }
}
