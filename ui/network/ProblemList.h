#pragma once

#include "core/model/NetworkSpec.h"
#include "ui/network/NetworkEdits.h"
#include "ui/widgets/Card.h"

#include <string>

class QLabel;
class QVBoxLayout;

namespace limpid {

class Theme;

/// The card of what is wrong with the network: a sentence each, the node it is about, and the button that mends it.
class ProblemList : public Card
{
    Q_OBJECT
public:
    explicit ProblemList(const Theme& theme, QWidget* parent = nullptr);
    void show(const NetworkSpec& network, const NetworkContext& context, const Issues& issues);

signals:
    void nodeChosen(const std::string& id);
    void mendChosen(const limpid::edits::Mend& mend, const QString& text);

private:
    void rebuild();
    QWidget* row(const Issue& issue, int index);

    const Theme& m_theme;
    NetworkSpec m_network;
    NetworkContext m_context;
    Issues m_issues;
    static constexpr std::size_t mostRows = 12;
    bool m_all = false;     ///< more rows were asked for
    QLabel* m_count;
    QWidget* m_content;
    QVBoxLayout* m_rows;
};

} // namespace limpid
