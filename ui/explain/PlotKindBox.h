#pragma once

#include <QComboBox>

#include <string>

namespace limpid {

struct Explanation;
struct ExplanationPlotKind;
class Session;

/// How explained rows are drawn: what the user wants, which the workspace keeps, or the first kind while that does not apply.
class PlotKindBox : public QComboBox
{
    Q_OBJECT
public:
    explicit PlotKindBox(Session& session, QWidget* parent = nullptr);

    /// The one that is shown.
    const ExplanationPlotKind& kind() const;
    /// Those that such an explanation cannot be drawn by cannot be chosen.
    void offerFor(const Explanation& explanation);

signals:
    void chosen();

private:
    void restore();
    /// The wanted one, or where it cannot be chosen the first.
    void showWanted();

    Session& m_session;
    std::string m_wanted;
};

} // namespace limpid
