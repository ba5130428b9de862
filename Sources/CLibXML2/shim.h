#pragma once
// Debian builds libxml2 with ICU, whose types clash with Foundation's own copy; nothing here needs it.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/catalog.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/relaxng.h>
#include <libxml/tree.h>
#include <libxml/uri.h>
#include <libxml/xmlIO.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlsave.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <string.h>

// `xmlFree` is a mutable global function pointer, which Swift 6 refuses to read.
static inline void vfpool_xml_free(void *memory) { xmlFree(memory); }

static inline void vfpool_ignore(void *context, const char *message, ...) { (void)context, (void)message; }

// To be called once. What nobody listens to is not printed, on this thread and on all to come: libvirt's library reads
// documents in this process, too, and leaves some of what libxml2 finds to libxml2, which would print it. Nothing is ever fetched: not by a grammar's include, nor through a catalog named inside a document.
// It is C because libxml2 ≥ 2.14 calls some of this deprecated, without another way that older ones have.
static inline void vfpool_start(void) {
    xmlInitParser();
    xmlSetExternalEntityLoader(xmlNoNetExternalEntityLoader);
    xmlCatalogSetDefaults(XML_CATA_ALLOW_NONE);
    xmlRelaxNGInitTypes();
    xmlSetGenericErrorFunc(NULL, vfpool_ignore);
    xmlThrDefSetGenericErrorFunc(NULL, vfpool_ignore);
}

// libxml2's diagnostics. Its handler belongs to the thread, and its error record became const in 2.12, so Swift gets
// the parts instead. A listener takes over on its thread, and hands back to whoever listened before.
struct vfpool_listener {
    void (*heard)(void *collector, const char *message, int line);
    void *collector;
    xmlStructuredErrorFunc outer;
    void *outer_context;
};

// Ends a parse where it stands. xmlStopParser frees the input, which a parser that has just met an error still reads.
static inline void vfpool_stop(xmlParserCtxtPtr parser) {
    parser->instate = XML_PARSER_EOF;
    parser->disableSAX = 2; // what libxml2 ≥ 2.13 looks at instead
}

#if LIBXML_VERSION >= 21200
static inline void vfpool_hear(void *context, const xmlError *error)
#else
static inline void vfpool_hear(void *context, xmlErrorPtr error)
#endif
{
    struct vfpool_listener *listener = context;
    if (error == NULL || error->message == NULL || error->level < XML_ERR_ERROR)
        return;
    listener->heard(listener->collector, error->message, error->line);
    // Nothing is repaired, so the first error decides; looking for more can take time by the square of the size.
    if (error->level == XML_ERR_FATAL && error->domain == XML_FROM_PARSER && error->ctxt != NULL)
        vfpool_stop(error->ctxt);
}

static inline void vfpool_listen(struct vfpool_listener *listener) {
    listener->outer = xmlStructuredError;
    listener->outer_context = xmlStructuredErrorContext;
    xmlSetStructuredErrorFunc(listener, vfpool_hear);
}

static inline void vfpool_stop_listening(struct vfpool_listener *listener) {
    xmlSetStructuredErrorFunc(listener->outer_context, listener->outer);
}

// What stops a parse at once. It is C because libxml2 ≥ 2.14 calls these fields of the parser deprecated.
enum vfpool_refusal { VFPOOL_NOTHING = 0, VFPOOL_DOCTYPE, VFPOOL_DEPTH, VFPOOL_NAMESPACES, VFPOOL_NAMESPACE };

struct vfpool_guard {
    int maximum_depth;
    int maximum_namespaces; // in scope at once: each element looks its own up among them
    enum vfpool_refusal refusal;
    int line;
    // What to leave out: elements directly in `parent` but of none of the names in `kept`, each with its NUL, an empty
    // one at the end. They are checked, but get no nodes. `skipped` counts those around the parser's place.
    const char *parent;
    const char *kept;
    int skipped;
};

static inline void vfpool_refuse(xmlParserCtxtPtr parser, enum vfpool_refusal refusal) {
    struct vfpool_guard *guard = parser->_private;
    if (guard->refusal == VFPOOL_NOTHING) {
        guard->refusal = refusal;
        guard->line = xmlSAX2GetLineNumber(parser);
    }
    vfpool_stop(parser);
}

static inline void vfpool_doctype(void *parser, const xmlChar *name, const xmlChar *public, const xmlChar *system) {
    (void)name, (void)public, (void)system;
    vfpool_refuse(parser, VFPOOL_DOCTYPE);
}

static inline int vfpool_unwanted(const struct vfpool_guard *guard, const xmlNode *parent, const xmlChar *name) {
    if (guard->parent == NULL || parent == NULL || !xmlStrEqual(parent->name, (const xmlChar *)guard->parent)) return 0;
    for (const char *kept = guard->kept; *kept; kept += strlen(kept) + 1)
        if (xmlStrEqual(name, (const xmlChar *)kept)) return 0;
    return 1;
}

// Whether libxml2 writes all of these so that they are read again: it writes namespaces as they are, without escaping them.
static inline int vfpool_writable(int count, const xmlChar **namespaces) {
    for (int index = 0; index < count; index++) {
        const xmlChar *uri = namespaces[2 * index + 1];
        if (uri != NULL && strpbrk((const char *)uri, "&<\t\n\r") != NULL) return 0;
    }
    return 1;
}

static inline void vfpool_start_element(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                                        int namespace_count, const xmlChar **namespaces, int attribute_count,
                                        int defaulted_count, const xmlChar **attributes) {
    xmlParserCtxtPtr parser = context;
    struct vfpool_guard *guard = parser->_private;
    if (parser->nodeNr + guard->skipped >= guard->maximum_depth)
        vfpool_refuse(parser, VFPOOL_DEPTH);
    else if (parser->nsNr > 2 * guard->maximum_namespaces) // two entries for each before 2.12
        vfpool_refuse(parser, VFPOOL_NAMESPACES);
    else if (!vfpool_writable(namespace_count, namespaces))
        vfpool_refuse(parser, VFPOOL_NAMESPACE);
    else if (guard->skipped > 0 || vfpool_unwanted(guard, parser->node, name))
        guard->skipped++;
    else
        xmlSAX2StartElementNs(context, name, prefix, uri, namespace_count, namespaces, attribute_count,
                              defaulted_count, attributes);
}

static inline void vfpool_end_element(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
    xmlParserCtxtPtr parser = context;
    struct vfpool_guard *guard = parser->_private;
    if (guard->skipped > 0)
        guard->skipped--;
    else
        xmlSAX2EndElementNs(context, name, prefix, uri);
}

static inline void vfpool_characters(void *context, const xmlChar *text, int length) {
    xmlParserCtxtPtr parser = context;
    struct vfpool_guard *guard = parser->_private;
    if (guard->skipped == 0) xmlSAX2Characters(context, text, length);
}

static inline void vfpool_guard_parser(xmlParserCtxtPtr parser, struct vfpool_guard *guard) {
    parser->_private = guard;
    if (guard->parent != NULL) {
        parser->sax->endElementNs = vfpool_end_element;
        parser->sax->characters = vfpool_characters;
        parser->sax->ignorableWhitespace = vfpool_characters;
        parser->sax->cdataBlock = NULL; // its words then come as characters
        parser->sax->comment = NULL;
        parser->sax->processingInstruction = NULL;
    }
    parser->sax->internalSubset = vfpool_doctype;
    parser->sax->startElementNs = vfpool_start_element;
}
